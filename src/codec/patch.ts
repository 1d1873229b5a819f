import { DUP_FLAG, PUBLISH, QOS_FLAGS } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId } from "./frame-writer.ts";

/** Sets DUP in an encoded PUBLISH of QoS 1 or 2, in place, for sending it again [MQTT-3.3.1-1]. */
export function setDup(frame: Uint8Array): void {
	frame[0] = checkedFirst(frame) | DUP_FLAG;
}

/** Changes the packet identifier of an encoded PUBLISH of QoS 1 or 2, in place. */
export function setMessageId(frame: Uint8Array, messageId: number): void {
	checkedFirst(frame);
	checkMessageId(messageId);
	let at = 1;
	while ((frame[at++] as number) > 0x7f);
	at += 2 + (((frame[at] as number) << 8) | (frame[at + 1] as number));
	frame[at] = messageId >> 8;
	frame[at + 1] = messageId;
}

function checkedFirst(frame: Uint8Array): number {
	const first = frame[0] ?? 0;
	if (first >> 4 === PUBLISH && (first & QOS_FLAGS) !== 0) return first;
	throw new UsageError("This is no PUBLISH of QoS 1 or 2.");
}
