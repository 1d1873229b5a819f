import { readAuth } from "./auth-reader.ts";
import { readConnect } from "./connect-reader.ts";
import { AUTH, CONNECT, PINGREQ, SUBSCRIBE } from "./control.ts";
import { firstBytes } from "./fixed-header.ts";
import type { ConnectPacket, Packet } from "./packets.ts";
import type { Reader } from "./reader.ts";
import type { Role, Rules } from "./rules.ts";
import { readSubscribe, readUnsubscribe } from "./subscribe-reader.ts";

/** Decodes what clients send once they are connected, or a CONNECT. */
export const SERVER: Role = {
	peer: "client",
	sender: "a client",
	receives: 0b1101_0101_1111_1010,
	alwaysGood: firstBytes(0x10, 0x82, 0xa2, 0xc0, 0xe0),
	read,
};

/** Decodes the CONNECT of a client, and what it sends after that as SERVER does. */
export const UNCONNECTED: Role = {
	peer: "client",
	sender: "a client that has not connected",
	receives: 1 << CONNECT,
	alwaysGood: new Uint8Array(256),
	read,
};

function read(reader: Reader, rules: Rules): Packet {
	switch (reader.packetType) {
		case CONNECT:
			return accept(readConnect(reader, rules), rules);
		case SUBSCRIBE:
			return readSubscribe(reader, rules);
		case PINGREQ:
			reader.finish();
			return { cmd: "pingreq" };
		case AUTH:
			return readAuth(reader, rules);
		default:
			return readUnsubscribe(reader, rules);
	}
}

/** It says under which rules everything after it is read. */
function accept(packet: ConnectPacket, rules: Rules): ConnectPacket {
	rules.role = SERVER;
	rules.version = packet.protocolVersion;
	return packet;
}
