import { type AckPacket, REASON } from "../codec/index.ts";
import { protocolError } from "./connection.ts";
import type { Context } from "./context.ts";

/**
 * PUBACK, PUBREC or PUBCOMP (MQTT 5 sections 3.4, 3.5 and 3.7) for a message of ours: moves it on, or ends it. A PUBACK for
 * what is not in flight is ignored: it may be late.
 */
export function onAcknowledgement(context: Context, packet: AckPacket): void {
	const cmd = packet.cmd;
	const messageId = packet.messageId;
	const wire = context.wire;
	context.hasNew = true;
	// Whatever the code of PUBCOMP, the broker has had the message since PUBREC.
	const code = cmd === "pubcomp" ? REASON.SUCCESS : packet.reasonCode;
	const result = context.outgoing.acknowledge(cmd, messageId, code, packet.properties);
	if (result === "released") wire.acknowledge("pubrel", messageId, REASON.SUCCESS);
	else if (result === "unexpected") {
		protocolError(context, `The broker sent ${cmd.toUpperCase()} for a message that does not wait for it.`);
	} else if (result === "unknown" && cmd === "pubrec" && code < 0x80) {
		// [MQTT-4.3.3-4] without an answer the broker would keep the id for ever.
		wire.acknowledge("pubrel", messageId, REASON.PACKET_IDENTIFIER_NOT_FOUND);
	}
}

/** PUBREL (MQTT 5 section 3.6): the broker will not send this QoS 2 message again. */
export function onPubrel(context: Context, packet: AckPacket): void {
	const messageId = packet.messageId;
	const known = context.received.delete(messageId);
	if (known) context.saveReceived();
	// [MQTT-4.3.3-11] unknown ids are answered too: the PUBCOMP before may have been lost.
	const code = known ? REASON.SUCCESS : REASON.PACKET_IDENTIFIER_NOT_FOUND;
	context.wire.acknowledge("pubcomp", messageId, code);
}
