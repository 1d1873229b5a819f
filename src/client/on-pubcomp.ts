import { type AckPacket, REASON } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";
import { passOn } from "./relay.ts";

/** PUBCOMP (MQTT 5 section 3.7): ends a QoS 2 message, whatever its code: the broker has had it since PUBREC. */
export function onPubcomp(context: Context, { messageId }: AckPacket): void {
	context.hasNew = true;
	const { relay } = context.settings;
	const result = context.outgoing.acknowledge("pubcomp", messageId, REASON.SUCCESS, undefined);
	if (result === "unknown" && relay !== undefined) passOn(context, relay, "pubcomp", messageId);
	if (result !== "unexpected") return;
	fail(context, "The broker sent PUBCOMP for a message that was not released.", {
		reasonCode: REASON.PROTOCOL_ERROR,
	});
}
