/**
 * What the machine (firmware on the XS engine) and its host (Node) say to each other. The machine calls, and the host
 * answers at once, as a native function would. The host sends events, each a turn of the machine's event loop. A
 * message is one byte that says which call or event it is, and fields.
 */

/** Calls, machine to host, with their fields → what comes back. */
export const CALL = {
	/** text */
	TRACE: 1,
	/** → JSON */
	CONFIG: 2,
	/** → number */
	SEED: 3,
	/** → number */
	TICKS: 4,
	/** text: what to ask → JSON */
	NET: 5,
	/** number id, number delay, number repeat (0: once) */
	TIMER_SET: 6,
	/** number id */
	TIMER_CLEAR: 7,
	/** number id, number port, text address */
	TCP_OPEN: 8,
	/** number id, bytes → number credit left */
	TCP_WRITE: 9,
	/** number id, number count → bytes */
	TCP_READ: 10,
	/** number id */
	TCP_CLOSE: 11,
	/** number id, number port, text address, bytes */
	UDP_SEND: 12,
	/** number id */
	UDP_CLOSE: 13,
	/** text path, text key → number (1: found), bytes */
	STORAGE_READ: 14,
	/** text path, text key, bytes */
	STORAGE_WRITE: 15,
	/** text path, text key */
	STORAGE_DELETE: 16,
	/** text path → JSON */
	STORAGE_KEYS: 17,
	/** number seconds */
	IDENTIFY: 18,
	/** Never answered. */
	RESTART: 19,
	/** The firmware has finished what it does before power goes. */
	STOPPED: 20,
	/** text: the reason of a promise's rejection that nobody handled */
	UNHANDLED_REJECTION: 21,
	/** → text: ms since 1970 */
	WALL_CLOCK: 22,
	/** number seconds since 1970 */
	SET_TIME: 23,
	/** → number as in ECMA-419 */
	WIFI_CONNECTION: 24,
	WIFI_JOIN: 25,
	/** number size */
	UPDATE_OPEN: 26,
	/** bytes */
	UPDATE_WRITE: 27,
	UPDATE_COMPLETE: 28,
	UPDATE_CLOSE: 29,
	/** number id: a new SHA-256 */
	DIGEST_OPEN: 30,
	/** number id, bytes */
	DIGEST_WRITE: 31,
	/** number id → bytes */
	DIGEST_CLOSE: 32,
	/** The running firmware works. */
	UPDATE_CONFIRM: 33,
} as const;

/** Events, host to machine, with their fields. */
export const EVENT = {
	BOOT: 1,
	/** number id */
	TIMER: 2,
	/** number id, number count */
	TCP_READABLE: 3,
	/** number id, number count */
	TCP_WRITABLE: 4,
	/** number id */
	TCP_ERROR: 5,
	/** number id, number port, text address, bytes */
	UDP_PACKET: 6,
	SHUTDOWN: 7,
	/** Collects garbage, so that the heap figure beside the answer counts what is in use. */
	COLLECT: 8,
	WIFI_CHANGED: 9,
} as const;

/** How an answer to a call begins. */
export const ANSWER = { RESULT: 0, ERROR: 1 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A number travels as 32 bits without sign, a text with its length; bytes come last, and reach to the end. */
export type Field = number | string | Uint8Array;

/** Puts a call, an event or an answer together. */
export function message(kind: number, ...fields: readonly Field[]): Uint8Array {
	const parts = [Uint8Array.of(kind), ...fields.flatMap(encodeField)];
	const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

function encodeField(field: Field): Uint8Array[] {
	if (typeof field === "number") return [encodeNumber(field)];
	if (typeof field !== "string") return [field];
	const bytes = encoder.encode(field);
	return [encodeNumber(bytes.length), bytes];
}

function encodeNumber(value: number): Uint8Array {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value);
	return bytes;
}

/** Takes a message apart. Throws RangeError when it is shorter than its fields. */
export class Reader {
	readonly kind: number;
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	#at = 1;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.kind = this.#view.getUint8(0);
	}

	number(): number {
		this.#at += 4;
		return this.#view.getUint32(this.#at - 4);
	}

	text(): string {
		const length = this.number();
		this.#at += length;
		if (this.#at > this.#bytes.length) throw new RangeError("text is cut off");
		return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at));
	}

	/** The last field, as a view. */
	bytes(): Uint8Array {
		return this.#bytes.subarray(this.#at);
	}
}
