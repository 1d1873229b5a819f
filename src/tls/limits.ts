/** What a server can make a client hold and do. Reaching one is a refusal, never an exception. */
export interface PathLimits {
	/** Certificates that the server may send. */
	readonly maxCertificates: number;
	/** Octets of one certificate. */
	readonly maxCertificateBytes: number;
	/** Certificates on a path, the server's own and the bundled one included. */
	readonly maxDepth: number;
	/** Issuers tried while looking for a path. */
	readonly maxSteps: number;
	/** Signatures checked, over all paths that are tried. */
	readonly maxSignatureChecks: number;
	/** Names times constraints compared for one pair of certificates. */
	readonly maxConstraintChecks: number;
	/** Bits of an RSA key. */
	readonly maxRsaBits: number;
}

/** Sized for the ESP32. Public chains have two to four certificates of 0.7 to 2 KB. */
export const DEVICE_PATH_LIMITS: PathLimits = {
	maxCertificates: 8,
	maxCertificateBytes: 8_192,
	maxDepth: 6,
	maxSteps: 32,
	maxSignatureChecks: 8,
	maxConstraintChecks: 4_096,
	maxRsaBits: 4_096,
};
