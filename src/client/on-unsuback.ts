import { REASON, type UnsubackPacket } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";

/** UNSUBACK (MQTT 5 section 3.11). */
export function onUnsuback(context: Context, { messageId }: UnsubackPacket): void {
	context.hasNew = true;
	if (context.requests.unanswered(messageId)) return;
	fail(context, "The broker sent an UNSUBACK that answers no UNSUBSCRIBE.", { reasonCode: REASON.PROTOCOL_ERROR });
}
