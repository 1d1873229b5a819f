import { AES, CBC, ECDHE_RSA, SHA1 } from "ssl/constants";

const AES_128_CBC_SHA = {
	isExportable: false,
	keyExchangeAlgorithm: ECDHE_RSA,
	cipherAlgorithm: AES,
	cipherKeySize: 16,
	cipherBlockSize: 16,
	hashAlgorithm: SHA1,
	hashSize: 20,
	encryptionMode: CBC,
} as const;

/**
 * The manifest of `legacy` puts this in the place of the SDK's module `ssl/ciphersuites`: before TLS 1.2 there is no
 * authenticated encryption. These have at least forward secrecy.
 */
const CIPHER_SUITES = [
	/** TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA (RFC 8422) */
	{ ...AES_128_CBC_SHA, value: [0xc0, 0x09] },
	/** TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA (RFC 8422) */
	{ ...AES_128_CBC_SHA, value: [0xc0, 0x13] },
] as const;

export default CIPHER_SUITES;
