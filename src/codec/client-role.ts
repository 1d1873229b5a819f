import { readConnack } from "./connack-reader.ts";
import { CONNACK, PINGRESP, SUBACK } from "./control.ts";
import { firstBytes } from "./fixed-header.ts";
import type { Packet } from "./packets.ts";
import type { Reader } from "./reader.ts";
import type { Role, Rules } from "./rules.ts";
import { readSuback, readUnsuback } from "./suback-reader.ts";

/**
 * Decodes what servers send to a client that authenticates by its CONNECT alone: they may not send it AUTH [MQTT-4.12.0-6].
 * That is all that devices have.
 */
export const CLIENT: Role = {
	peer: "server",
	sender: "a server that was not asked to",
	receives: 0b0110_1010_1111_1100,
	alwaysGood: firstBytes(0x20, 0x90, 0xb0, 0xd0),
	read,
};

function read(reader: Reader, rules: Rules): Packet {
	switch (reader.packetType) {
		case CONNACK:
			return readConnack(reader, rules);
		case SUBACK:
			return readSuback(reader, rules);
		case PINGRESP:
			reader.finish();
			return { cmd: "pingresp" };
		default:
			return readUnsuback(reader, rules);
	}
}
