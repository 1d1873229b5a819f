import type { RefusalReason } from "../../../src/tls/index.ts";

/** AlertDescription (RFC 5246 section 7.2), as far as we send them or say something about them. */
export const ALERT = {
	closeNotify: 0,
	unexpectedMessage: 10,
	recordOverflow: 22,
	handshakeFailure: 40,
	badCertificate: 42,
	unsupportedCertificate: 43,
	certificateExpired: 45,
	unknownCa: 48,
	decodeError: 50,
	decryptError: 51,
	protocolVersion: 70,
	unrecognizedName: 112,
	certificateRequired: 116,
} as const;

export const ALERT_LEVEL = { warning: 1, fatal: 2 } as const;

/** What a server's fatal alert means, for a person. */
export function describeAlert(description: number): string {
	switch (description) {
		case ALERT.closeNotify:
			return "it closed the connection";
		case ALERT.handshakeFailure:
			return "it speaks no TLS 1.2, or wants a client certificate, or knows none of our cipher suites (ECDHE, AES-128-GCM)";
		case ALERT.badCertificate:
		case ALERT.certificateRequired:
			return "it wants a client certificate";
		case ALERT.protocolVersion:
			return "it speaks no TLS 1.2";
		case ALERT.unrecognizedName:
			return "it has no certificate for this name";
		default:
			return `alert ${description} of RFC 5246`;
	}
}

/** What to tell a server whose certificate is refused. */
export function alertFor(reason: RefusalReason): number {
	switch (reason) {
		case "expired":
		case "not-yet-valid":
			return ALERT.certificateExpired;
		case "unknown-ca":
		case "self-signed":
			return ALERT.unknownCa;
		case "malformed":
		case "over-limit":
		case "no-certificate":
			return ALERT.badCertificate;
		case "weak-algorithm":
		case "unsupported-algorithm":
		case "unknown-critical-extension":
		case "wrong-purpose":
			return ALERT.unsupportedCertificate;
		default:
			return ALERT.badCertificate;
	}
}
