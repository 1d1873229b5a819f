/** An error of a handshake, as Node has it. */
export interface HandshakeError extends NodeJS.ErrnoException {
	/** OpenSSL's own words. */
	readonly reason?: string;
}

const NO_TLS = "the client does not speak TLS, but this port does";
const DISTRUST = "the client does not trust the certificate";

/** What users meet first, in words that say what to change. */
const FAULTS: Readonly<Record<string, string>> = {
	ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
	ERR_SSL_HTTP_REQUEST: NO_TLS,
	ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: DISTRUST,
	ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: DISTRUST,
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: DISTRUST,
};

/** Why a handshake failed. */
export function handshakeFault({ code = "", reason, message }: HandshakeError): string {
	const text = reason ?? message;
	const known = FAULTS[code];
	return known === undefined ? text : `${known} (${text})`;
}
