import { type AckPacket, encodeAck, REASON } from "../codec/index.ts";
import type { Context } from "./context.ts";
import { passOn } from "./relay.ts";

/** PUBREL (MQTT 5 section 3.6): the broker will not send this QoS 2 message again. */
export function onPubrel(context: Context, { messageId }: AckPacket): void {
	const { wire, settings } = context;
	if (settings.relay !== undefined) {
		passOn(context, settings.relay, "pubrel", messageId);
		return;
	}
	const known = context.received.release(messageId);
	if (known) context.saveReceived();
	// [MQTT-4.3.3-11] unknown ids are answered too: the PUBCOMP before may have been lost.
	const code = known ? REASON.SUCCESS : REASON.PACKET_IDENTIFIER_NOT_FOUND;
	wire.owe(encodeAck("pubcomp", messageId, code, wire.version));
}
