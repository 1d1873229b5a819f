import { readConnect } from "./connect-reader.ts";
import { CONNECT, PINGREQ, SUBSCRIBE } from "./control.ts";
import { firstBytes } from "./fixed-header.ts";
import type { Packet } from "./packets.ts";
import type { Reader } from "./reader.ts";
import type { Role, Rules } from "./rules.ts";
import { readSubscribe, readUnsubscribe } from "./subscribe-reader.ts";

/** Decodes what clients send. */
export const SERVER: Role = {
	peer: "client",
	receives: 0b1101_0101_1111_1010,
	alwaysGood: firstBytes(0x10, 0x82, 0xa2, 0xc0, 0xe0),
	read,
};

function read(reader: Reader, rules: Rules): Packet {
	switch (reader.packetType) {
		case CONNECT:
			return readConnect(reader, rules);
		case SUBSCRIBE:
			return readSubscribe(reader, rules);
		case PINGREQ:
			reader.finish();
			return { cmd: "pingreq" };
		default:
			return readUnsubscribe(reader, rules);
	}
}
