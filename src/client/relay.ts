import { type AckCommand, REASON } from "../codec/index.ts";
import type { Context } from "./context.ts";

/**
 * Takes the acknowledgement of QoS 1 and 2 out of the client's hands, for what passes messages on to another connection:
 * each step of the exchange is taken once the other side has taken it, with the same packet id, so that the sessions at
 * both ends are all the state there is. Then every message is handed on each time that it arrives, DUP or not, and
 * answered by `Client.answer` alone; what is published at QoS 2 is `done` with PUBREC, and PUBREL is for `answer` too.
 * Called with PUBREL, which asks for PUBCOMP, and with PUBCOMP.
 */
export type Relay = (cmd: "pubrel" | "pubcomp", messageId: number) => void;

/** Sends what a Relay says, if there is a connection. */
export function answer(context: Context, cmd: AckCommand, messageId: number): void {
	if (context.phase !== "online") return;
	const isSent = cmd !== "pubrel" || context.outgoing.release(messageId);
	if (isSent) context.wire.acknowledge(cmd, messageId, REASON.SUCCESS);
	else passOn(context, "pubcomp", messageId);
}

/** Hands an acknowledgement to the Relay. False: there is none. */
export function passOn(context: Context, cmd: "pubrel" | "pubcomp", messageId: number): boolean {
	const relay = context.settings.relay;
	if (relay !== undefined) context.call("relay", relay, cmd, messageId);
	return relay !== undefined;
}
