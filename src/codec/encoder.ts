import { encodeAck, encodeAuth, encodeDisconnect } from "./answer-writer.ts";
import { encodeConnack } from "./connack-writer.ts";
import { encodeConnect } from "./connect-writer.ts";
import { PINGREQ, PINGRESP } from "./control.ts";
import type { Packet, ProtocolVersion } from "./packets.ts";
import { encodePublish } from "./publish-writer.ts";
import { encodeSuback, encodeUnsuback } from "./suback-writer.ts";
import { encodeSubscription } from "./subscribe-writer.ts";

const PINGREQ_FRAME = new Uint8Array([PINGREQ << 4, 0]);
const PINGRESP_FRAME = new Uint8Array([PINGRESP << 4, 0]);

/** A PINGREQ: the same bytes at every call, to be read only. */
export function encodePingreq(): Uint8Array {
	return PINGREQ_FRAME;
}

/** A PINGRESP: the same bytes at every call, to be read only. */
export function encodePingresp(): Uint8Array {
	return PINGRESP_FRAME;
}

/**
 * One packet as bytes. What 3.1 and 3.1.1 have no field for (properties, reason codes, subscription options) is left
 * out there. Throws UsageError for what the version cannot express.
 */
export function encode(packet: Packet, version: ProtocolVersion): Uint8Array {
	switch (packet.cmd) {
		case "publish":
			return encodePublish(packet, packet.payload, version);
		case "puback":
		case "pubrec":
		case "pubrel":
		case "pubcomp":
			return encodeAck(packet.cmd, packet.messageId, packet.reasonCode, version, packet.properties);
		case "pingreq":
			return PINGREQ_FRAME;
		case "pingresp":
			return PINGRESP_FRAME;
		case "disconnect":
			return encodeDisconnect(packet, version);
		case "auth":
			return encodeAuth(packet, version);
		case "connect":
			return encodeConnect(packet, version);
		case "connack":
			return encodeConnack(packet, version);
		case "subscribe":
		case "unsubscribe":
			return encodeSubscription(packet, version);
		case "suback":
			return encodeSuback(packet, version);
		case "unsuback":
			return encodeUnsuback(packet, version);
	}
}
