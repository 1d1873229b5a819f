import { readAck } from "./ack-reader.ts";
import { DISCONNECT, PUBACK, PUBCOMP, PUBLISH } from "./control.ts";
import { readDisconnect } from "./disconnect-reader.ts";
import type { Packet } from "./packets.ts";
import { readPublish } from "./publish-reader.ts";
import { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";

/** Reads the packet from `start` to before `end`, whose fixed header ends at `body` and was checked. */
export function readPacket(bytes: Uint8Array, start: number, body: number, end: number, rules: Rules): Packet {
	const first = bytes[start] as number;
	const type = first >> 4;
	if (type === PUBLISH) return readPublish(first, bytes, body, end, rules);
	if (type >= PUBACK && type <= PUBCOMP) return readAck(type, bytes, body, end, rules);
	const reader = new Reader(type, bytes, body, end);
	if (type === DISCONNECT) return readDisconnect(reader, rules);
	return rules.role.read(reader, rules);
}
