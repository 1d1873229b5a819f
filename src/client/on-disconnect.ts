import type { DisconnectPacket } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";
import { reasonCodeScale, reasonCodeText } from "./reasons.ts";

/** DISCONNECT from the broker (MQTT 5 section 3.14): it says why it ends the connection. */
export function onDisconnect(context: Context, { reasonCode, properties }: DisconnectPacket): void {
	const text = reasonCodeText(reasonCode, properties?.reasonString, properties?.serverReference);
	fail(context, `The broker ended the connection: ${text}.`, { code: reasonCode, scale: reasonCodeScale(reasonCode) });
}
