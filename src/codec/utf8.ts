import { ProtocolError, UsageError } from "./errors.ts";
import { REASON } from "./reason.ts";

/** Code points that are made into text at once: XS copies the whole text at every `+=`, and its stack is small. */
const PIECE = 32;

/** Up to this length, text is read by index: faster, although XS counts from the start to find the n-th unit. */
const SHORT = 256;

/** Bytes that `text` takes in UTF-8. Throws UsageError, which names it `what`, on a lone surrogate. */
export function utf8Length(text: string, what = "The text"): number {
	let bytes = 0;
	// Not by index: to find the n-th unit, XS counts from the start.
	for (const character of text) {
		const point = character.codePointAt(0) as number;
		if (isSurrogate(point)) throw new UsageError(`${what} has a lone surrogate, which UTF-8 cannot express.`);
		bytes += sequenceLength(point);
	}
	return bytes;
}

/** Writes `text`, whose `utf8Length` was taken, at `at`, where there must be room for it. Returns the position after it. */
export function writeUtf8(target: Uint8Array, at: number, text: string): number {
	let to = at;
	for (const character of text) {
		const point = character.codePointAt(0) as number;
		if (point < 0x80) target[to++] = point;
		else to = writeSequence(target, to, point);
	}
	return to;
}

function writeSequence(target: Uint8Array, at: number, point: number): number {
	const length = sequenceLength(point);
	// As many ones at the top of the byte as the sequence is long; what is above the byte falls off.
	target[at] = (0xf00 >> length) | (point >> (6 * (length - 1)));
	for (let i = 1; i < length; i++) target[at + i] = 0x80 | ((point >> (6 * (length - 1 - i))) & 0x3f);
	return at + length;
}

/**
 * Writes `text` at `at`, where there must be room for `text.length` bytes, as far as it is short and ASCII. Returns how
 * many characters are sure to be written: fewer than `text.length` if it is not all of them.
 */
export function writeShortAscii(target: Uint8Array, at: number, text: string): number {
	const length = text.length;
	if (length > SHORT) return 0;
	let i = 0;
	// Four at a time: a fifth fewer bytecodes on XS, 3 % of those for a whole message.
	for (; i + 4 <= length; i += 4) {
		const a = text.charCodeAt(i);
		const b = text.charCodeAt(i + 1);
		const c = text.charCodeAt(i + 2);
		const d = text.charCodeAt(i + 3);
		if ((a | b | c | d) > 0x7f) return i;
		const to = at + i;
		target[to] = a;
		target[to + 1] = b;
		target[to + 2] = c;
		target[to + 3] = d;
	}
	for (; i < length; i++) {
		const unit = text.charCodeAt(i);
		if (unit > 0x7f) return i;
		target[at + i] = unit;
	}
	return length;
}

/** `text` as UTF-8. Throws UsageError on a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array {
	const bytes = new Uint8Array(utf8Length(text));
	writeUtf8(bytes, 0, text);
	return bytes;
}

/**
 * The text of an MQTT string. Throws ProtocolError (Malformed Packet) on ill-formed UTF-8, which includes encoded
 * surrogates and overlong forms [MQTT-1.5.4-1], and on U+0000 [MQTT-1.5.4-2]. `what` names the string in the message.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number, what = "a string"): string {
	const text = decodeAscii(bytes, start, end) ?? decodeMixed(bytes, start, end, what);
	if (text.includes("\0")) throw malformed(what, "contains U+0000");
	return text;
}

/** Undefined when a byte is not ASCII. Eight at a time: measured best on V8, and near the best on XS. */
function decodeAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
	let text = "";
	let i = start;
	for (; i + 8 <= end; i += 8) {
		const a = bytes[i] as number;
		const b = bytes[i + 1] as number;
		const c = bytes[i + 2] as number;
		const d = bytes[i + 3] as number;
		const e = bytes[i + 4] as number;
		const f = bytes[i + 5] as number;
		const g = bytes[i + 6] as number;
		const h = bytes[i + 7] as number;
		if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
		text += String.fromCharCode(a, b, c, d, e, f, g, h);
	}
	for (; i < end; i++) {
		const byte = bytes[i] as number;
		if (byte > 0x7f) return undefined;
		text += String.fromCharCode(byte);
	}
	return text;
}

function decodeMixed(bytes: Uint8Array, start: number, end: number, what: string): string {
	let text = "";
	let points: number[] = [];
	for (let at = start; at < end; ) {
		const lead = bytes[at] as number;
		const point = lead < 0x80 ? lead : readSequence(bytes, at, end, what);
		points.push(point);
		at += sequenceLength(point);
		if (points.length < PIECE) continue;
		text += String.fromCodePoint.apply(null, points);
		points = [];
	}
	return text + String.fromCodePoint.apply(null, points);
}

/** The code point of the two to four bytes at `at`; throws unless they are well-formed (Unicode, table 3-7). */
function readSequence(bytes: Uint8Array, at: number, end: number, what: string): number {
	const lead = bytes[at] as number;
	const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	let isGood = lead > 0xc1 && lead < 0xf5 && at + length <= end;
	let point = lead & (0x7f >> length);
	for (let i = 1; isGood && i < length; i++) {
		const byte = bytes[at + i] as number;
		isGood = byte >> 6 === 0b10;
		point = (point << 6) | (byte & 0x3f);
	}
	// No overlong form, and nothing beyond U+10FFFF.
	if (isGood && sequenceLength(point) === length && !isSurrogate(point) && point < 0x11_0000) return point;
	throw malformed(what, "is not well-formed UTF-8");
}

/** How many bytes a code point takes. */
function sequenceLength(point: number): number {
	return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}

function isSurrogate(point: number): boolean {
	return point >> 11 === 0b11011;
}

function malformed(what: string, fault: string): ProtocolError {
	return new ProtocolError(REASON.MALFORMED_PACKET, `Malformed text: ${what} ${fault}.`);
}
