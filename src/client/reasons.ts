import { REASON } from "../codec/index.ts";
import type { BackoffScale } from "./backoff.ts";

/** Where the specification's own name for a code says too little. */
const TEXTS: Readonly<Record<number, string>> = {
	[REASON.NORMAL_DISCONNECTION]: "normal disconnection",
	[REASON.SESSION_TAKEN_OVER]: "another connection with the same client id took over",
};

/** Codes that go away by themselves; every other refusal takes a person, or another client, to change. */
const PASSING = Uint8Array.of(
	REASON.NORMAL_DISCONNECTION,
	REASON.UNSPECIFIED_ERROR,
	REASON.MALFORMED_PACKET,
	REASON.PROTOCOL_ERROR,
	REASON.IMPLEMENTATION_SPECIFIC_ERROR,
	REASON.UNSUPPORTED_PROTOCOL_VERSION,
	REASON.SERVER_UNAVAILABLE,
	REASON.SERVER_BUSY,
	REASON.SERVER_SHUTTING_DOWN,
	REASON.KEEP_ALIVE_TIMEOUT,
	REASON.RECEIVE_MAXIMUM_EXCEEDED,
	REASON.CONNECTION_RATE_EXCEEDED,
	REASON.MAXIMUM_CONNECT_TIME,
);

/** What properties may add to a reason code. */
export interface Explanation {
	readonly reasonString?: string;
	readonly serverReference?: string;
}

/** A reason code, for a person, with what the broker had to add. */
export function reasonText(code: number, added: Explanation | undefined): string {
	const reasonString = added?.reasonString;
	const serverReference = added?.serverReference;
	const text = TEXTS[code] ?? nameOf(code) ?? `reason code 0x${code.toString(16)}`;
	const said = reasonString === undefined ? text : `${text} (the broker says: ${reasonString})`;
	return serverReference === undefined ? said : `${said}; the broker refers to ${serverReference}`;
}

/** How soon to try again after a CONNACK or DISCONNECT with this reason code. */
export function scaleOf(code: number): BackoffScale {
	return PASSING.includes(code) ? "lost" : "refused";
}

function nameOf(code: number): string | undefined {
	const names = Object.keys(REASON) as (keyof typeof REASON)[];
	// Below 0x80 a refusal can only be a return code of 3.x, which has no name there.
	const name = names.find((each) => REASON[each] === code && code >= 0x80);
	return name?.toLowerCase().replaceAll("_", " ");
}
