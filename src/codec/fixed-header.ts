import * as control from "./control.ts";
import type { ProtocolError } from "./errors.ts";
import { packetFault } from "./packet-fault.ts";
import { REASON } from "./reason.ts";
import type { Rules } from "./rules.ts";

/** Bit n is set if control packet type n has the flags 0010 (section 2.1.3). */
const FLAGGED = (1 << control.PUBREL) | (1 << control.SUBSCRIBE) | (1 << control.UNSUBSCRIBE);

/** Refuses a packet that may not come, by its first byte alone (section 2.1). */
export function checkFirstByte(first: number, rules: Rules): void {
	const type = first >> 4;
	checkType(type, rules);
	if (type === control.PUBLISH) checkPublishFlags(first, rules);
	else checkFlags(type, first & 0x0f, rules);
}

/** PUBLISH with all flags that go together, and its acknowledgements. */
const FROM_BOTH = Uint8Array.of(0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3a, 0x3b, 0x3c, 0x3d, 0x40, 0x50, 0x62, 0x70);

/** 1 at these first bytes, and at those that both sides may receive in every version. */
export function firstBytes(...others: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(256);
	const mark = (first: number): void => {
		bytes[first] = 1;
	};
	FROM_BOTH.forEach(mark);
	others.forEach(mark);
	return bytes;
}

function checkPublishFlags(first: number, rules: Rules): void {
	if ((first & control.QOS_FLAGS) === control.QOS_FLAGS) throw malformed(control.PUBLISH, "it has QoS 3"); // [MQTT-3.3.1-4]
	if ((first & (control.QOS_FLAGS | control.DUP_FLAG)) === control.DUP_FLAG && rules.version > 3) {
		throw malformed(control.PUBLISH, "it has DUP set at QoS 0"); // [MQTT-3.3.1-2]
	}
}

function checkType(type: number, { version, role }: Rules): void {
	if (type === 0 || (type === control.AUTH && version !== 5)) throw malformed(type, "the packet type is reserved");
	const late = type === control.DISCONNECT && role.peer === "server" && version !== 5;
	if (late || (role.receives & (1 << type)) === 0) {
		throw packetFault(type, REASON.PROTOCOL_ERROR, `${role.sender} may not send it`);
	}
}

function checkFlags(type: number, flags: number, rules: Rules): void {
	const flagged = (FLAGGED & (1 << type)) !== 0;
	// 3.1 sets DUP when it sends one of these again.
	const known = flagged && rules.version === 3 ? flags & ~control.DUP_FLAG : flags;
	if (known !== (flagged ? 0b0010 : 0)) throw malformed(type, "reserved flags are wrong"); // [MQTT-2.1.3-1]
}

function malformed(type: number, what: string): ProtocolError {
	return packetFault(type, REASON.MALFORMED_PACKET, what);
}
