import { ALERT } from "./alerts.ts";
import { uint16 } from "./integers.ts";
import { TlsError } from "./tls-error.ts";

/** Where the session id begins, after version and random (RFC 5246 section 7.4.1.3). */
const SESSION_ID_AT = 34;
/** Octets of cipher suite, compression method, and the length of all extensions. */
const UP_TO_EXTENSIONS = 5;
/** Octets of an extension's type and length. */
const HEADER = 4;
const RENEGOTIATION_INFO = 0xff01;

/**
 * That the server takes this handshake for the first of its connection (RFC 5746 section 3.4), and not for one that renews a
 * connection in which somebody else has spoken before. `body` is the ServerHello's. Throws TlsError.
 */
export function checkFirstHandshake(body: Uint8Array): void {
	let at = SESSION_ID_AT + 1 + (body[SESSION_ID_AT] ?? 0) + UP_TO_EXTENSIONS;
	while (at < body.length) {
		const content = at + HEADER;
		const end = content + uint16(body, at + 2);
		// Of a first handshake it is a length alone: that of nothing.
		const isFirst = end === content + 1 && body[content] === 0;
		if (uint16(body, at) === RENEGOTIATION_INFO && !isFirst) {
			throw new TlsError("the server takes our handshake for the continuation of another", ALERT.handshakeFailure);
		}
		at = end;
	}
}
