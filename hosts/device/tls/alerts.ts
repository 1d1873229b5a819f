import type { RefusalReason } from "../../../src/tls/index.ts";
import type { TlsVersion } from "./version.ts";

/** AlertDescription (RFC 5246 section 7.2), as far as we send them or say something about them. */
export const ALERT = {
	closeNotify: 0,
	unexpectedMessage: 10,
	badRecordMac: 20,
	recordOverflow: 22,
	handshakeFailure: 40,
	badCertificate: 42,
	unsupportedCertificate: 43,
	certificateRevoked: 44,
	certificateExpired: 45,
	certificateUnknown: 46,
	illegalParameter: 47,
	unknownCa: 48,
	decodeError: 50,
	decryptError: 51,
	protocolVersion: 70,
	unrecognizedName: 112,
	certificateRequired: 116,
	noApplicationProtocol: 120,
} as const;

export const ALERT_LEVEL = { warning: 1, fatal: 2 } as const;

const BEFORE_1_2 = "ECDHE, AES-128-CBC";
const SUITES: Readonly<Record<TlsVersion, string>> = {
	"1.0": BEFORE_1_2,
	"1.1": BEFORE_1_2,
	"1.2": "ECDHE, AES-128-GCM",
};

/** What a server's fatal alert means, for a person. `hasShown`: it has got a client certificate. */
export function describeAlert(description: number, version: TlsVersion, hasShown = false): string {
	switch (description) {
		case ALERT.closeNotify:
			return "it closed the connection";
		case ALERT.handshakeFailure:
			return hasShown
				? "it does not accept our client certificate"
				: `it speaks no TLS ${version}, or wants a client certificate, or knows none of our cipher suites (${SUITES[version]})`;
		case ALERT.protocolVersion:
			return `it speaks no TLS ${version}`;
		case ALERT.unrecognizedName:
			return "it has no certificate for this name";
		case ALERT.noApplicationProtocol:
			return "it knows none of the protocols in tls_alpn";
		case ALERT.certificateRequired:
			return "it wants a client certificate";
		default:
			return certificateFault(description, hasShown) ?? `alert ${description} of RFC 5246`;
	}
}

/** What the server has against a client certificate, or against there being none. */
function certificateFault(description: number, hasShown: boolean): string | undefined {
	switch (description) {
		case ALERT.unknownCa:
			return hasShown ? "it does not know the CA of our client certificate" : undefined;
		case ALERT.certificateExpired:
			return hasShown ? "our client certificate has expired" : undefined;
		case ALERT.certificateRevoked:
			return hasShown ? "our client certificate has been revoked" : undefined;
		case ALERT.badCertificate:
		case ALERT.unsupportedCertificate:
		case ALERT.certificateUnknown:
			return hasShown ? "it does not accept our client certificate" : "it wants a client certificate";
		case ALERT.decryptError:
			return hasShown ? "our client key does not belong to our client certificate" : undefined;
		default:
			return undefined;
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
		case "weak-algorithm":
		case "unsupported-algorithm":
		case "unknown-critical-extension":
		case "wrong-purpose":
		case "may-not-sign":
			return ALERT.unsupportedCertificate;
		default:
			return ALERT.badCertificate;
	}
}
