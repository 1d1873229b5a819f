import { AUTH, CONNACK, DISCONNECT, PUBACK, PUBCOMP, PUBREC, PUBREL, SUBACK, UNSUBACK } from "./control.ts";

const RECEIVED: Uint8Array = Uint8Array.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
const RELEASED: Uint8Array = Uint8Array.of(0x00, 0x92);

/** The reason codes that each packet of MQTT 5 may carry, by control packet type (section 2.4, and its own section). */
const BY_PACKET: Readonly<Record<number, Uint8Array>> = {
	// 0x01 is the return code of 3.x for an unacceptable version: some servers send it in the form of MQTT 5.
	[CONNACK]: Uint8Array.of(
		0x00,
		0x01,
		0x80,
		0x81,
		0x82,
		0x83,
		0x84,
		0x85,
		0x86,
		0x87,
		0x88,
		0x89,
		0x8a,
		0x8c,
		0x90,
		0x95,
		0x97,
		0x99,
		0x9a,
		0x9b,
		0x9c,
		0x9d,
		0x9f,
	),
	[PUBACK]: RECEIVED,
	[PUBREC]: RECEIVED,
	[PUBREL]: RELEASED,
	[PUBCOMP]: RELEASED,
	[SUBACK]: Uint8Array.of(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2),
	[UNSUBACK]: Uint8Array.of(0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91),
	// 0x8C is missing in table 3-10, but section 2.4 gives it to DISCONNECT: re-authentication can fail that way.
	[DISCONNECT]: Uint8Array.of(
		0x00,
		0x04,
		0x80,
		0x81,
		0x82,
		0x83,
		0x87,
		0x89,
		0x8b,
		0x8c,
		0x8d,
		0x8e,
		0x8f,
		0x90,
		0x93,
		0x94,
		0x95,
		0x96,
		0x97,
		0x98,
		0x99,
		0x9a,
		0x9b,
		0x9c,
		0x9d,
		0x9e,
		0x9f,
		0xa0,
		0xa1,
		0xa2,
	),
	[AUTH]: Uint8Array.of(0x00, 0x18, 0x19),
};

/** The highest return code of a CONNACK in 3.1 and 3.1.1. */
export const LAST_RETURN_CODE = 5;

/** Whether a packet of this type may carry this reason code in MQTT 5. */
export function isReasonCode(packetType: number, code: number): boolean {
	return BY_PACKET[packetType]?.includes(code) ?? false;
}

/**
 * Whether a SUBACK of this version may carry this code: in 3.1.1, a QoS or 0x80 (section 3.9.3). 3.1 has no failure code, but
 * brokers send 0x80 there as well.
 */
export function isGranted(code: number, version: number): boolean {
	return version === 5 ? isReasonCode(SUBACK, code) : code <= 2 || code === 0x80;
}
