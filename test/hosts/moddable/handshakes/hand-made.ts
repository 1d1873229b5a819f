import { type Mischief, startMischief } from "../hand-made-server.ts";
import { CONTENT, message, record } from "../tls-1-2.ts";
import { type Handshake, OPENED } from "./handshake.ts";

/** AlertDescription (RFC 5246 section 7.2). */
const ALERT = {
	closeNotify: 0,
	unexpectedMessage: 10,
	badRecordMac: 20,
	handshakeFailure: 40,
	illegalParameter: 47,
	decodeError: 50,
	decryptError: 51,
} as const;

const HANDSHAKE_HEADER = 4;
/** Octets of a ServerHello's body without a session id: version, random, its length, cipher suite, compression. */
const SUITE_AT = 35;
const COMPRESSION_AT = 37;
const ECHOED = Buffer.alloc(10_000, "A");

const flipLast = (bytes: Buffer): Buffer => {
	bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
	return bytes;
};

const cut = (sealed: Buffer, length: number): Buffer => record(sealed[0] ?? 0, sealed.subarray(5, 5 + length));

/** A server with the genuine key. */
const served = (mischief: Mischief) => ({
	start: (authority: Parameters<Handshake["start"]>[0]) =>
		startMischief(authority.identity(["leaf", "intermediate"]), mischief),
});

/** A server that the device is to refuse with an alert: it serves the second call only if it has heard that one. */
const refused = (name: string, alert: keyof typeof ALERT, reason: string, mischief: Mischief): Handshake => ({
	name,
	rounds: 2,
	start: (authority) => startMischief(authority.identity(["leaf", "intermediate"]), mischief, ALERT[alert]),
	outcome: new RegExp(`^tls: .*${reason}.* \\| opened and echoed$`),
});

const withSuite = (high: number, low: number): Mischief => ({
	hello(body) {
		body.set([high, low], SUITE_AT);
		return body;
	},
});

/** Servers by hand that are right, in ways that those of libraries are not. */
export const HAND_MADE: readonly Handshake[] = [
	{ name: "a server put together by hand", ...served({}), outcome: OPENED },
	{
		name: "data right behind the end of the handshake",
		...served({
			closing: ({ changeCipherSpec, finished, seal }) => [
				changeCipherSpec,
				seal(CONTENT.handshake, finished),
				...[ECHOED.subarray(0, 4), ECHOED.subarray(4)].map((data) => seal(CONTENT.data, data)),
			],
			answer: () => [],
		}),
		outcome: OPENED,
	},
	{
		name: "new keys announced before ours, which are those of this handshake all the same",
		...served({
			flight: (records) => [...records, record(CONTENT.changeCipherSpec, Uint8Array.of(1))],
			closing: ({ finished, seal }) => [seal(CONTENT.handshake, finished)],
		}),
		outcome: OPENED,
	},
	{
		name: "requests to start over behind the handshake",
		...served({
			answer: (seal) => [seal(CONTENT.handshake, Buffer.alloc(2 * HANDSHAKE_HEADER)), seal(CONTENT.data, ECHOED)],
		}),
		outcome: OPENED,
	},
];

/** Servers that have the key of their certificate, and break the rules. */
export const MISCHIEF: readonly Handshake[] = [
	refused("a Finished that somebody has changed on its way", "badRecordMac", "auth failed", {
		closing: ({ changeCipherSpec, finished, seal }) => [changeCipherSpec, flipLast(seal(CONTENT.handshake, finished))],
	}),
	refused("a Finished that is wrong in its last bit", "decryptError", "finished: auth err", {
		closing: ({ changeCipherSpec, finished, seal }) => [changeCipherSpec, seal(CONTENT.handshake, flipLast(finished))],
	}),
	refused("a Finished that is cut off", "decryptError", "cannot be read", {
		closing: ({ changeCipherSpec, finished, seal }) => [
			changeCipherSpec,
			seal(CONTENT.handshake, message(20, finished.subarray(HANDSHAKE_HEADER, -1))),
		],
	}),
	refused("a Finished without content", "decryptError", "cannot be read", {
		closing: ({ changeCipherSpec, seal }) => [changeCipherSpec, seal(CONTENT.handshake, message(20, Buffer.alloc(0)))],
	}),
	refused("a Finished in the open", "unexpectedMessage", "handshake message 20 came after 14", {
		closing: ({ finished }) => [record(CONTENT.handshake, finished)],
	}),
	refused("new keys announced before ours, and a Finished with keys of no secret", "badRecordMac", "auth failed", {
		flight: (records) => [...records, record(CONTENT.changeCipherSpec, Uint8Array.of(1))],
		closing: ({ finished, sealUnkeyed }) => [sealUnkeyed(CONTENT.handshake, finished)],
	}),
	refused("new keys announced twice", "unexpectedMessage", "new keys after handshake message 14", {
		flight: (records) => [...records, record(CONTENT.changeCipherSpec, Uint8Array.of(1))],
		closing: ({ changeCipherSpec, finished, seal }) => [changeCipherSpec, seal(CONTENT.handshake, finished)],
	}),
	refused("protected data before the Finished", "unexpectedMessage", "data before the end of the handshake", {
		closing: ({ changeCipherSpec, finished, seal }) => [
			changeCipherSpec,
			seal(CONTENT.data, Buffer.from("A")),
			seal(CONTENT.handshake, finished),
		],
	}),
	refused("a ticket to resume the session", "unexpectedMessage", "handshake message 4 came after 14", {
		closing: ({ changeCipherSpec, finished, seal }) => [
			record(CONTENT.handshake, message(4, Buffer.alloc(6))),
			changeCipherSpec,
			seal(CONTENT.handshake, finished),
		],
	}),
	refused("a point that is not on the curve", "illegalParameter", "no point on its curve", { point: flipLast }),
	refused("a point of zeros", "illegalParameter", "no point on its curve", {
		point: (point) => point.fill(0, 1),
	}),
	refused("the point at infinity", "illegalParameter", "no point on its curve", { point: () => Uint8Array.of(0) }),
	refused("a suite of RSA key transport", "decodeError", "cannot be read", withSuite(0, 0x9c)),
	refused("the signal of a first handshake as a suite", "decodeError", "cannot be read", withSuite(0, 0xff)),
	refused("compression", "decodeError", "cannot be read", {
		hello(body) {
			body[COMPRESSION_AT] = 1;
			return body;
		},
	}),
	refused("an answer that takes the handshake for a renegotiation", "handshakeFailure", "continuation of another", {
		hello: (body) => Buffer.concat([body, Buffer.from([0, 8, 0xff, 1, 0, 4, 3, 7, 7, 7])]),
	}),
	refused("another handshake", "unexpectedMessage", "wants another handshake", {
		answer: (seal) => [seal(CONTENT.handshake, message(2, Buffer.alloc(38)))],
	}),
	refused("new keys behind the handshake", "unexpectedMessage", "wants another handshake", {
		answer: (seal) => [seal(CONTENT.changeCipherSpec, Uint8Array.of(1))],
	}),
	refused("data in the open behind the handshake", "badRecordMac", "cannot be read", {
		answer: () => [record(CONTENT.data, ECHOED)],
	}),
	refused("data that somebody has changed on its way", "badRecordMac", "auth failed", {
		answer: (seal) => [flipLast(seal(CONTENT.data, ECHOED))],
	}),
	refused("data that comes twice", "badRecordMac", "auth failed", {
		answer(seal) {
			const sealed = seal(CONTENT.data, Buffer.from("A"));
			return [sealed, sealed];
		},
	}),
	...[1, 8, 9, 15, 23, 24, 31].map((length) =>
		refused(`a protected record cut to ${length} octets`, "badRecordMac", "cannot be read", {
			answer: (seal) => [cut(seal(CONTENT.data, Buffer.alloc(8)), length)],
		}),
	),
	{
		name: "an alert behind the handshake",
		...served({ answer: (seal) => [seal(CONTENT.alert, Uint8Array.of(2, 80))] }),
		outcome: /^tls: .*the server ended the TLS connection: alert 80 of RFC 5246$/,
	},
];
