/** From and to, in octets of a certificate. */
export type Range = readonly [number, number];

/** One signature that Node's cryptography found to be good. */
export interface Verdict {
	readonly algorithm: string;
	/** The certificate that was signed. */
	readonly subject: string;
	readonly signed: Range;
	readonly signature: Range;
	/** A certificate with the key that signed. */
	readonly issuer: string;
	readonly key: Range;
}

/** What the global setup of Jest writes to build/tls-certificates.mjs. */
export interface GeneratedCertificates {
	/** OpenSSL's version; undefined if there is none of version 3, and so no certificates. */
	readonly openssl?: string;
	/** In DER, hexadecimal. */
	readonly certificates: Readonly<Record<string, string>>;
	readonly verdicts: readonly Verdict[];
}
