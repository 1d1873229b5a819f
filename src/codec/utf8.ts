import { ProtocolError, UsageError } from "./errors.ts";
import { REASON } from "./reason.ts";

/** Bytes that `text` takes in UTF-8. Throws UsageError on a lone surrogate, which UTF-8 cannot express. */
export function utf8Length(text: string): number {
	let bytes = text.length;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80) continue;
		if (unit < 0x800) bytes += 1;
		else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
		else {
			assertPair(text, i);
			bytes += 2; // four bytes for two units
			i++;
		}
	}
	return bytes;
}

function assertPair(text: string, index: number): void {
	const high = text.charCodeAt(index);
	const low = text.charCodeAt(index + 1); // NaN at the end
	if (high > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
		throw new UsageError(`Text has a lone surrogate at index ${index}; UTF-8 cannot express it.`);
	}
}

/** Writes `text` at `at` and returns the position after it. The target must have room for `utf8Length(text)` bytes. */
export function writeUtf8(target: Uint8Array, at: number, text: string): number {
	let to = at;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80) target[to++] = unit;
		else if (unit < 0x800) {
			target[to++] = 0xc0 | (unit >> 6);
			target[to++] = 0x80 | (unit & 0x3f);
		} else if (unit < 0xd800 || unit > 0xdfff) {
			target[to++] = 0xe0 | (unit >> 12);
			target[to++] = 0x80 | ((unit >> 6) & 0x3f);
			target[to++] = 0x80 | (unit & 0x3f);
		} else {
			assertPair(text, i);
			to = writeSupplementary(target, to, 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff));
		}
	}
	return to;
}

function writeSupplementary(target: Uint8Array, at: number, point: number): number {
	target[at] = 0xf0 | (point >> 18);
	target[at + 1] = 0x80 | ((point >> 12) & 0x3f);
	target[at + 2] = 0x80 | ((point >> 6) & 0x3f);
	target[at + 3] = 0x80 | (point & 0x3f);
	return at + 4;
}

/** `text` as UTF-8. Throws UsageError on a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array {
	const bytes = new Uint8Array(utf8Length(text));
	writeUtf8(bytes, 0, text);
	return bytes;
}

/**
 * The text of an MQTT string. Throws ProtocolError (Malformed Packet) on ill-formed UTF-8, which includes encoded
 * surrogates and overlong forms [MQTT-1.5.4-1], and on U+0000 [MQTT-1.5.4-2].
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
	let text = "";
	for (let i = start; i < end; ) {
		const lead = bytes[i] as number;
		if (lead < 0x80) {
			if (lead === 0) throw malformed("U+0000", i);
			text += String.fromCharCode(lead);
			i++;
			continue;
		}
		const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
		if (length === 0 || i + length > end) throw malformed("ill-formed UTF-8", i);
		let point = lead & (0xff >> (length + 1));
		for (let k = 1; k < length; k++) {
			const byte = bytes[i + k] as number;
			if ((byte & 0xc0) !== 0x80) throw malformed("ill-formed UTF-8", i);
			point = (point << 6) | (byte & 0x3f);
		}
		if (point < (length === 3 ? 0x800 : length === 4 ? 0x10000 : 0x80)) throw malformed("overlong UTF-8", i);
		if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw malformed("ill-formed UTF-8", i);
		text += String.fromCodePoint(point);
		i += length;
	}
	return text;
}

function malformed(what: string, at: number): ProtocolError {
	return new ProtocolError(REASON.MALFORMED_PACKET, `A string has ${what} at byte ${at}.`);
}
