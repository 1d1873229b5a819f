import { type AckPacket, encodeAck, REASON } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";

/** PUBREC (MQTT 5 section 3.5): the broker has a QoS 2 message; a refusal ends it. */
export function onPubrec(context: Context, { messageId, reasonCode, properties }: AckPacket): void {
	context.hasNew = true;
	const { wire } = context;
	const result = context.outgoing.acknowledge("pubrec", messageId, reasonCode, properties?.reasonString);
	if (result === "released") wire.owe(encodeAck("pubrel", messageId, REASON.SUCCESS, wire.version));
	// [MQTT-4.3.3-4] without an answer the broker would keep the id for ever.
	else if (result === "unknown" && reasonCode < 0x80) {
		wire.owe(encodeAck("pubrel", messageId, REASON.PACKET_IDENTIFIER_NOT_FOUND, wire.version));
	} else if (result === "unexpected") {
		fail(context, "The broker answered a QoS 1 message with PUBREC.", { reasonCode: REASON.PROTOCOL_ERROR });
	}
}
