import type { Authority } from "../authority.ts";
import { startCutter } from "../tls-servers.ts";
import { behind, type Handshake, inBetween, OPENED, serving } from "./handshake.ts";

const HANDSHAKE_RECORD = 22;
const CHANGE_CIPHER_SPEC_RECORD = 20;
const HEADER = 5;
const HELLO_REQUEST = Buffer.alloc(4);
const SERVER_HELLO_DONE = Buffer.from([14, 0, 0, 0]);

/** Puts records that are not encrypted yet into other records; the others stay as they are. */
const reframing = (change: (content: Buffer) => readonly Uint8Array[]) => () => {
	let isEncrypted = false;
	return (record: Buffer): readonly Uint8Array[] => {
		isEncrypted ||= record[0] === CHANGE_CIPHER_SPEC_RECORD;
		return isEncrypted || record[0] !== HANDSHAKE_RECORD ? [record] : change(record.subarray(HEADER));
	};
};

function handshakeRecord(content: Uint8Array): Buffer {
	return Buffer.concat([Buffer.from([HANDSHAKE_RECORD, 3, 3, content.length >> 8, content.length & 0xff]), content]);
}

const octets = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (octet) => Uint8Array.of(octet));

/** The whole flight in one record. */
const gathering = () => {
	let flight = Buffer.alloc(0);
	return reframing((content) => {
		flight = Buffer.concat([flight, content]);
		return flight.subarray(-SERVER_HELLO_DONE.length).equals(SERVER_HELLO_DONE) ? [handshakeRecord(flight)] : [];
	})();
};

/** Genuine servers whose bytes come otherwise than they mostly do. */
export const REFRAMED: readonly Handshake[] = [
	{ name: "segments of one octet", ...inBetween(() => octets), outcome: OPENED },
	{
		name: "handshake records of one octet",
		...inBetween(reframing((content) => octets(content).map(handshakeRecord))),
		outcome: OPENED,
	},
	{ name: "all messages in one record", ...inBetween(gathering), outcome: OPENED },
	{
		name: "all messages in one record larger than was asked for",
		...inBetween(gathering, ["leafLarge", "intermediate"]),
		outcome: OPENED,
	},
	{
		name: "a request to start over, which is passed over",
		...inBetween(reframing((content) => [handshakeRecord(HELLO_REQUEST), handshakeRecord(content)])),
		outcome: OPENED,
	},
];

/** A little less than the server's whole part of a handshake with `leaf` and `intermediate`: into its Finished. */
const ALL_OCTETS = 1_085;
const STEP = 11;

/** Servers that end a connection before the handshake ends. */
export const CUT: readonly Handshake[] = [
	{
		name: "a close after any number of octets",
		start: (authority: Authority) =>
			behind(serving(["leaf", "intermediate"]).start(authority), ({ port }) => startCutter(port, STEP)),
		rounds: Math.floor(ALL_OCTETS / STEP),
		outcome: /^tls: 127\.0\.0\.1:\d+: closed the connection during the TLS handshake$/,
	},
];
