import { REASON, type SubackPacket } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";

/** SUBACK (MQTT 5 section 3.9). */
export function onSuback(context: Context, { messageId, granted, properties }: SubackPacket): void {
	context.hasNew = true;
	if (context.requests.answered(messageId, granted, properties?.reasonString)) return;
	fail(context, "The broker sent a SUBACK that answers no SUBSCRIBE.", { reasonCode: REASON.PROTOCOL_ERROR });
}
