import handshake from "motehub/sdk/handshake";
import SSLStream from "ssl/stream";
import type { AuthenticatedHandshake, HandshakeMessage } from "./handshake-protocol.ts";

/** The SDK would go on with a version of its own choice where the server has chosen a higher one. */
const serverHello: HandshakeMessage = {
	...handshake.serverHello,
	unpacketize(session, stream) {
		const body = bodyOf(stream);
		session.options.authentication.receiveHello(body);
		handshake.serverHello.unpacketize(session, new SSLStream(body));
	},
};

/** They are judged in a turn of the event loop of their own; without that, no key exchange is accepted. */
const certificate: HandshakeMessage = {
	...handshake.certificate,
	unpacketize(session, stream) {
		session.options.authentication.receiveCertificates(bodyOf(stream));
	},
};

/** The key exchange counts only with a signature by the server's certificate, which is checked in a turn of its own. */
const serverKeyExchange: HandshakeMessage = {
	...handshake.serverKeyExchange,
	unpacketize(session, stream) {
		const body = bodyOf(stream);
		const randoms = new Uint8Array(64);
		randoms.set(new Uint8Array(session.clientRandom));
		randoms.set(new Uint8Array(session.serverRandom), 32);
		const { namedCurve, point } = session.options.authentication.receiveKeyExchange(body, randoms);
		session.dhparams = { named_curve: namedCurve, dh_Ys: point.slice().buffer };
	},
};

/** A client certificate is shown to a server that asks, if there is one. */
const certificateRequest: HandshakeMessage = {
	...handshake.certificateRequest,
	unpacketize(session, stream) {
		session.clientCerts = session.options.clientAuthentication.certificatesFor(bodyOf(stream));
	},
};

const certificateVerify: HandshakeMessage = {
	...handshake.certificateVerify,
	packetize(session) {
		const digest = new Uint8Array(session.handshakeDigests.SHA256.close(true));
		const body = session.options.clientAuthentication.prove(digest);
		return handshake.packetize(session, handshake.certificateVerify.msgType, new SSLStream(body));
	},
};

function bodyOf(stream: SSLStream | undefined): Uint8Array {
	return stream?.readChunk(stream.bytesAvailable, true) ?? new Uint8Array(0);
}

/**
 * The manifest puts this in the place of the SDK's module `ssl/handshake`, which does the work: messages arrive whole, in
 * order and one at a time, and the server's signature is checked by our rules. Under that name, no relative import would
 * be found.
 */
const authenticated: AuthenticatedHandshake = {
	...handshake,
	serverHello,
	certificate,
	serverKeyExchange,
	certificateRequest,
	certificateVerify,
	unpacketize(session, stream) {
		session.options.input.push(stream.readChunk(stream.bytesAvailable, true));
	},
	proceed(session) {
		const message = session.options.authentication.messages.next();
		if (message) handshake.unpacketize.call(authenticated, session, new SSLStream(message));
		return message !== undefined;
	},
};

export default authenticated;
