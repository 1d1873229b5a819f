import type { Seconds } from "../../../src/ports/index.ts";

/** SNTP messages (RFC 4330), as far as a client needs them. */

export const SNTP_PORT = 123;

const LENGTH = 48;
/** Leap indicator 0, version 4, mode 3 (client). */
const CLIENT_V4 = 0x23;
const MODE_SERVER = 4;
const NOT_SYNCHRONIZED = 3;
const MOST_STRATUM = 15;
const ORIGINATE = 24;
const TRANSMIT = 40;
/** From 1900, where NTP's eras begin to be counted, to 1970. */
const NTP_TO_UNIX: Seconds = 2_208_988_800;
const ERA: Seconds = 2 ** 32;

/** A request. `nonce`, eight bytes, comes back in the answer: who did not see the request cannot forge one. */
export function encodeRequest(nonce: Uint8Array): Uint8Array {
	const message = new Uint8Array(LENGTH);
	message[0] = CLIENT_V4;
	message.set(nonce, TRANSMIT);
	return message;
}

export type SntpAnswer =
	/** Since 1970. */
	| { readonly time: Seconds }
	/** The server cannot tell, or wants to be left alone. */
	| { readonly refusal: string };

/**
 * Reads what `request` was answered with. Undefined: not an answer to it. It cannot be earlier than `earliest` (since
 * 1970). NTP counts 136 years and begins anew: of the times that it can mean, the one that is nearest to `earliest` counts.
 */
export function readAnswer(message: Uint8Array, request: Uint8Array, earliest: Seconds): SntpAnswer | undefined {
	const [first = 0, stratum = 0] = message;
	if (message.length < LENGTH || (first & 7) !== MODE_SERVER || !echoes(message, request)) return undefined;
	if (stratum === 0) return { refusal: `it answers ${killCode(message)}` };
	if (first >> 6 === NOT_SYNCHRONIZED || stratum > MOST_STRATUM) return { refusal: "it does not know the time itself" };
	const transmitted = new DataView(message.buffer, message.byteOffset).getUint32(TRANSMIT);
	if (transmitted === 0) return { refusal: "it does not know the time itself" };
	const time = nearest(transmitted - NTP_TO_UNIX, earliest);
	return time < earliest ? { refusal: "its time is before this firmware was built" } : { time };
}

function nearest(time: Seconds, to: Seconds): Seconds {
	return time + Math.round((to - time) / ERA) * ERA;
}

function echoes(message: Uint8Array, request: Uint8Array): boolean {
	for (let at = 0; at < LENGTH - TRANSMIT; at++) {
		if (message[ORIGINATE + at] !== request[TRANSMIT + at]) return false;
	}
	return true;
}

/** The "kiss of death" (section 8): four letters in place of the reference. */
function killCode(message: Uint8Array): string {
	let code = "";
	for (let at = 12; at < 16; at++) {
		const byte = message[at] ?? 0;
		code += byte >= 0x41 && byte <= 0x5a ? String.fromCharCode(byte) : "?";
	}
	return code;
}
