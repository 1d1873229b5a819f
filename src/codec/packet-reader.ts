import { readAck } from "./ack-reader.ts";
import { readAuth } from "./auth-reader.ts";
import { readConnack } from "./connack-reader.ts";
import { readConnect } from "./connect-reader.ts";
import * as control from "./control.ts";
import { readDisconnect } from "./disconnect-reader.ts";
import type { Packet, PingreqPacket, PingrespPacket } from "./packets.ts";
import { readPublish } from "./publish-reader.ts";
import { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";
import { readSuback, readUnsuback } from "./suback-reader.ts";
import { readSubscribe, readUnsubscribe } from "./subscribe-reader.ts";

const PINGREQ: PingreqPacket = { cmd: "pingreq" };
const PINGRESP: PingrespPacket = { cmd: "pingresp" };

/** Reads the packet from `start` to before `end`, whose fixed header ends at `body` and was checked. */
export function readPacket(bytes: Uint8Array, start: number, body: number, end: number, rules: Rules): Packet {
	const first = bytes[start] as number;
	const type = first >> 4;
	switch (type) {
		case control.PUBLISH:
			return readPublish(first, bytes, body, end, rules);
		case control.PUBACK:
		case control.PUBREC:
		case control.PUBREL:
		case control.PUBCOMP:
			return readAck(type, bytes, body, end, rules);
		default:
			return readSeldom(new Reader(type, bytes, body, end), start, rules);
	}
}

/** What comes once for each connection, subscription or keep alive interval. */
function readSeldom(reader: Reader, start: number, rules: Rules): Packet {
	switch (reader.packetType) {
		case control.PINGREQ:
			return readEmpty(reader, PINGREQ);
		case control.PINGRESP:
			return readEmpty(reader, PINGRESP);
		case control.DISCONNECT:
			return readDisconnect(reader, rules);
		case control.AUTH:
			return readAuth(reader, rules);
		default:
			return readWithMqttPacket(reader, frameOf(reader, start), rules);
	}
}

function readWithMqttPacket(reader: Reader, frame: Uint8Array, rules: Rules): Packet {
	switch (reader.packetType) {
		case control.CONNECT:
			return readConnect(reader, frame, rules);
		case control.CONNACK:
			return readConnack(reader, frame, rules);
		case control.SUBSCRIBE:
			return readSubscribe(reader, frame, rules);
		case control.SUBACK:
			return readSuback(reader, frame, rules);
		case control.UNSUBSCRIBE:
			return readUnsubscribe(reader, frame, rules);
		default:
			return readUnsuback(reader, frame, rules);
	}
}

function readEmpty<P extends Packet>(reader: Reader, packet: P): P {
	reader.finish();
	return packet;
}

/** All of the packet, as mqtt-packet takes it: it does not know the DUP flag of 3.1. */
function frameOf(reader: Reader, start: number): Uint8Array {
	const frame = reader.bytes.slice(start, reader.end);
	frame[0] = (frame[0] as number) & ~control.DUP_FLAG;
	return frame;
}
