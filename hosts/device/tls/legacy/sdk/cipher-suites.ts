import { AES, CBC, ECDHE_RSA, SHA1 } from "ssl/constants";

/** With its octets on the wire. What is not frozen takes a word of RAM. */
const aes128CbcSha = (high: number, low: number) =>
	Object.freeze({
		value: Object.freeze([high, low]),
		isExportable: false,
		keyExchangeAlgorithm: ECDHE_RSA,
		cipherAlgorithm: AES,
		cipherKeySize: 16,
		cipherBlockSize: 16,
		hashAlgorithm: SHA1,
		hashSize: 20,
		encryptionMode: CBC,
	});

/**
 * The manifest of `legacy` puts this in the place of the SDK's module `ssl/ciphersuites`: before TLS 1.2 there is no
 * authenticated encryption. These have at least forward secrecy.
 */
const CIPHER_SUITES = Object.freeze([
	/** TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA (RFC 8422) */
	aes128CbcSha(0xc0, 0x09),
	/** TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA (RFC 8422) */
	aes128CbcSha(0xc0, 0x13),
	/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): no suite, but that this is a connection's first handshake. */
	Object.freeze({ value: Object.freeze([0x00, 0xff]) }),
]);

export default CIPHER_SUITES;
