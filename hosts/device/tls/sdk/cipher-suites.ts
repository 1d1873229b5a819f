import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";

/** With its octets on the wire. What is not frozen takes a word of RAM. */
const aes128Gcm = (high: number, low: number) =>
	Object.freeze({
		value: Object.freeze([high, low]),
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
	});

/**
 * The manifest puts this in the place of the SDK's module `ssl/ciphersuites`. Of its suites these are the two with
 * forward secrecy and authenticated encryption; ECDSA first, which costs a device half the time.
 */
const CIPHER_SUITES = Object.freeze([
	/** TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289) */
	aes128Gcm(0xc0, 0x2b),
	/** TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (RFC 5289) */
	aes128Gcm(0xc0, 0x2f),
	/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): no suite, but that this is a connection's first handshake. */
	Object.freeze({ value: Object.freeze([0x00, 0xff]) }),
]);

export default CIPHER_SUITES;
