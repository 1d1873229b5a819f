import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";

const AES_128_GCM = {
	isExportable: false,
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	cipherKeySize: 16,
	cipherBlockSize: 16,
	hashAlgorithm: SHA256,
	hashSize: 32,
	encryptionMode: GCM,
	ivSize: 8,
	saltSize: 4,
} as const;

/**
 * The manifest puts this in the place of the SDK's module `ssl/ciphersuites`. Of its suites these are the two with
 * forward secrecy and authenticated encryption; ECDSA first, which costs a device half the time.
 */
const CIPHER_SUITES = [
	/** TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289) */
	{ ...AES_128_GCM, value: [0xc0, 0x2b] },
	/** TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (RFC 5289) */
	{ ...AES_128_GCM, value: [0xc0, 0x2f] },
] as const;

export default CIPHER_SUITES;
