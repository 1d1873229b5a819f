import { encodeAck, encodeAuth, encodeDisconnect } from "./answer-writer.ts";
import { encodeConnack } from "./connack-writer.ts";
import { encodeConnect } from "./connect-writer.ts";
import type { Packet, ProtocolVersion } from "./packets.ts";
import { encodePingreq, encodePingresp } from "./ping-writer.ts";
import { encodePublish } from "./publish-writer.ts";
import { encodeSuback, encodeUnsuback } from "./suback-writer.ts";
import { encodeSubscription } from "./subscribe-writer.ts";

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
			return encodePingreq();
		case "pingresp":
			return encodePingresp();
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
