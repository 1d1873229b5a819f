import { type AckPacket, encodeAck, REASON } from "../codec/index.ts";
import { protocolError } from "./connection.ts";
import type { Context } from "./context.ts";
import { passOn } from "./relay.ts";

/**
 * PUBACK, PUBREC or PUBCOMP (MQTT 5 sections 3.4, 3.5 and 3.7) for a message of ours: moves it on, or ends it. A PUBACK for
 * what is not in flight is ignored: it may be late.
 */
export function onAcknowledgement(context: Context, packet: AckPacket): void {
	const { cmd, messageId, properties } = packet;
	const { outgoing, settings } = context;
	context.hasNew = true;
	// Whatever the code of PUBCOMP, the broker has had the message since PUBREC.
	const code = cmd === "pubcomp" ? REASON.SUCCESS : packet.reasonCode;
	const result = outgoing.acknowledge(cmd, messageId, code, properties?.reasonString);
	if (result === "released") release(context, messageId, REASON.SUCCESS);
	else if (result === "unexpected") {
		protocolError(context, `The broker sent ${cmd.toUpperCase()} for a message that does not wait for it.`);
	} else if (result === "unknown" && code < 0x80) {
		// [MQTT-4.3.3-4] without an answer the broker would keep the id for ever.
		if (cmd === "pubrec") release(context, messageId, REASON.PACKET_IDENTIFIER_NOT_FOUND);
		else if (cmd === "pubcomp" && settings.relay !== undefined) passOn(context, settings.relay, cmd, messageId);
	}
}

function release({ wire }: Context, messageId: number, code: number): void {
	wire.owe(encodeAck("pubrel", messageId, code, wire.version));
}

/** PUBREL (MQTT 5 section 3.6): the broker will not send this QoS 2 message again. */
export function onPubrel(context: Context, { messageId }: AckPacket): void {
	const { wire, settings } = context;
	if (settings.relay !== undefined) {
		passOn(context, settings.relay, "pubrel", messageId);
		return;
	}
	const known = context.received.delete(messageId);
	if (known) context.saveReceived();
	// [MQTT-4.3.3-11] unknown ids are answered too: the PUBCOMP before may have been lost.
	const code = known ? REASON.SUCCESS : REASON.PACKET_IDENTIFIER_NOT_FOUND;
	wire.owe(encodeAck("pubcomp", messageId, code, wire.version));
}
