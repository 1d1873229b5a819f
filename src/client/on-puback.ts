import { type AckPacket, REASON } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";

/** PUBACK (MQTT 5 section 3.4): ends a QoS 1 message. One that is not in flight is ignored: it may be late. */
export function onPuback(context: Context, { messageId, reasonCode, properties }: AckPacket): void {
	context.hasNew = true;
	const result = context.outgoing.acknowledge("puback", messageId, reasonCode, properties?.reasonString);
	if (result !== "unexpected") return;
	fail(context, "The broker answered a QoS 2 message with PUBACK.", { reasonCode: REASON.PROTOCOL_ERROR });
}
