/** DNS messages (RFC 1035), as far as asking for a host's IPv4 addresses needs them. */

const HEADER_LENGTH = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
/** RFC 6762 section 5.4: in a question, "answer me alone"; section 10.2: in an answer, "forget what you had". */
const MDNS_TOP_BIT = 0x8000;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;
const POINTER = 0xc0;
const ANSWER_FLAG = 0x8000;
const RECURSION_DESIRED = 0x0100;
const RCODE_MASK = 0x000f;
const RCODE_NO_SUCH_NAME = 3;

export type Answer =
	| { readonly kind: "addresses"; readonly addresses: readonly string[] }
	/** The name server says for sure that there is no such name, or that it has no IPv4 address. */
	| { readonly kind: "none" }
	/** This server cannot tell; another one may. */
	| { readonly kind: "failed" };

/** Whether `name` can be asked for: labels of 1–63 ASCII characters, at most 253 in all. */
export function isHostName(name: string): boolean {
	if (name.length === 0 || name.length > LONGEST_NAME) return false;
	return name.split(".").every((label) => label.length > 0 && label.length <= LONGEST_LABEL && isAscii(label));
}

/** Asks for the A records of `name`. `multicast`: for mDNS, where the id is 0 and the answer is to come back directly. */
export function encodeQuery(id: number, name: string, multicast: boolean): Uint8Array {
	const question = encodeName(name);
	const message = new Uint8Array(HEADER_LENGTH + question.length + 4);
	const view = new DataView(message.buffer);
	view.setUint16(0, id);
	view.setUint16(2, multicast ? 0 : RECURSION_DESIRED);
	view.setUint16(4, 1);
	message.set(question, HEADER_LENGTH);
	view.setUint16(message.length - 4, TYPE_A);
	view.setUint16(message.length - 2, multicast ? CLASS_IN | MDNS_TOP_BIT : CLASS_IN);
	return message;
}

/**
 * Reads what `query` was answered with. Undefined: not an answer to it, or damaged. Of a name server's answer every
 * A record counts, since aliases lead away from the name; of an mDNS answer, which may carry no question, those of `name`.
 */
export function readAnswer(
	message: Uint8Array,
	query: Uint8Array,
	name: string,
	multicast: boolean,
): Answer | undefined {
	if (message.length < HEADER_LENGTH) return undefined;
	const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
	const flags = view.getUint16(2);
	if ((flags & ANSWER_FLAG) === 0) return undefined;
	if (!multicast && !answers(message, query)) return undefined;
	const rcode = flags & RCODE_MASK;
	if (rcode === RCODE_NO_SUCH_NAME) return { kind: "none" };
	if (rcode !== 0) return { kind: "failed" };
	try {
		const answer = readAddresses(view, multicast ? name : undefined);
		return multicast && answer.kind === "none" ? undefined : answer;
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/** The same id, and the same question right after the header. Names compare without regard to case. */
function answers(message: Uint8Array, query: Uint8Array): boolean {
	if (message.length < query.length || message[0] !== query[0] || message[1] !== query[1]) return false;
	if (message[4] !== 0 || message[5] !== 1) return false;
	for (let at = HEADER_LENGTH; at < query.length; at++) {
		if (lower(message[at] ?? 0) !== lower(query[at] ?? 0)) return false;
	}
	return true;
}

/** Throws RangeError when a record is cut off. `owner`: only its records count. */
function readAddresses(view: DataView, owner: string | undefined): Answer {
	let at = HEADER_LENGTH;
	for (let questions = view.getUint16(4); questions > 0; questions--) at = skipName(view, at) + 4;
	const addresses: string[] = [];
	for (let records = view.getUint16(6); records > 0; records--) {
		const fields = skipName(view, at);
		const length = view.getUint16(fields + 8);
		const isAddress = view.getUint16(fields) === TYPE_A && (view.getUint16(fields + 2) & ~MDNS_TOP_BIT) === CLASS_IN;
		if (isAddress && length === 4 && (owner === undefined || nameIs(view, at, owner))) {
			addresses.push(addressAt(view, fields + 10));
		}
		at = fields + 10 + length;
	}
	return addresses.length > 0 ? { kind: "addresses", addresses } : { kind: "none" };
}

function addressAt(view: DataView, at: number): string {
	return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
}

/** The offset behind a name, which ends with an empty label or with a pointer. */
function skipName(view: DataView, start: number): number {
	let at = start;
	for (;;) {
		const length = view.getUint8(at);
		if (length === 0) return at + 1;
		if ((length & POINTER) === POINTER) return at + 2;
		at += 1 + length;
	}
}

function nameIs(view: DataView, start: number, name: string): boolean {
	const wanted = encodeName(name);
	let at = start;
	let compared = 0;
	while (compared < wanted.length) {
		const length = view.getUint8(at);
		if ((length & POINTER) === POINTER) {
			const target = view.getUint16(at) & ~(POINTER << 8);
			// A pointer leads to an earlier name. One that does not would lead in circles.
			if (target >= at) return false;
			at = target;
			continue;
		}
		for (let end = at + 1 + length; at < end; at++, compared++) {
			if (lower(view.getUint8(at)) !== lower(wanted[compared] ?? 0)) return false;
		}
	}
	return true;
}

function encodeName(name: string): Uint8Array {
	const bytes = new Uint8Array(name.length + 2);
	let at = 0;
	for (const label of name.split(".")) {
		bytes[at++] = label.length;
		for (let index = 0; index < label.length; index++) bytes[at++] = label.charCodeAt(index);
	}
	return bytes;
}

function isAscii(label: string): boolean {
	for (let at = 0; at < label.length; at++) {
		const code = label.charCodeAt(at);
		if (code <= 0x20 || code >= 0x7f) return false;
	}
	return true;
}

/** Lengths of labels are below 64, so they never look like a letter. */
function lower(byte: number): number {
	return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
