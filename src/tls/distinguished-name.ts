import { DerError, DerReader, TAG } from "./der.ts";
import { readOid } from "./oid.ts";

/** Longest text made of a name: messages go to logs. */
const MAX_LENGTH = 120;
const UNPRINTABLE = "\uFFFD";

/**
 * A `Name` (RFC 5280 section 4.1.2.4) as text for people, such as `O=Example, CN=broker`, bounded and safe to print.
 */
export function describeName(name: Uint8Array): string {
	try {
		return readText(new DerReader(name));
	} catch (error) {
		if (error instanceof DerError) return "a name that cannot be read";
		throw error;
	}
}

/** Whether a `Name` has no attributes. */
export function isEmptyName(name: Uint8Array): boolean {
	return name.length <= 2;
}

function readText(reader: DerReader): string {
	const sequence = reader.enter(TAG.sequence);
	let text = "";
	while (!sequence.done && text.length < MAX_LENGTH) {
		const set = sequence.enter(TAG.set);
		while (!set.done) text += (text === "" ? "" : ", ") + readAttribute(set.enter(TAG.sequence));
	}
	return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function readAttribute(attribute: DerReader): string {
	const type = readOid(attribute);
	const tag = attribute.tag;
	return `${attributeLabel(type)}=${decodeText(tag, attribute.take(tag))}`;
}

function attributeLabel(type: string): string {
	switch (type) {
		case "2.5.4.3":
			return "CN";
		case "2.5.4.6":
			return "C";
		case "2.5.4.10":
			return "O";
		case "2.5.4.11":
			return "OU";
		default:
			return type;
	}
}

/** Lenient, for messages only: what is not UTF-8 or UCS-2 by its tag is taken as Latin-1. */
function decodeText(tag: number, bytes: Uint8Array): string {
	const head = bytes.subarray(0, 2 * MAX_LENGTH);
	let text = "";
	for (let at = 0; at < head.length; ) {
		const width = tag === TAG.bmpString ? 2 : tag === TAG.utf8String ? utf8Width(head[at] ?? 0) : 1;
		text += printable(codePoint(head, at, width, tag));
		at += width;
	}
	return text;
}

function utf8Width(lead: number): number {
	if (lead < 0xc0) return 1;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function codePoint(bytes: Uint8Array, at: number, width: number, tag: number): number {
	const lead = bytes[at] ?? 0;
	if (tag !== TAG.utf8String) return width === 1 ? lead : (lead << 8) | (bytes[at + 1] ?? 0);
	let value = width === 1 ? lead : lead & (0x7f >> width);
	for (let index = 1; index < width; index++) value = (value << 6) | ((bytes[at + index] ?? 0) & 0x3f);
	return value;
}

/** Controls, surrogates and the marks that turn the direction of text would let a name forge a line of the log. */
function printable(point: number): string {
	const control = point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0xd800 && point < 0xe000);
	const format =
		(point >= 0x200b && point <= 0x200f) ||
		(point >= 0x2028 && point <= 0x202e) ||
		(point >= 0x2060 && point <= 0x206f);
	return control || format || point > 0x10ffff ? UNPRINTABLE : String.fromCodePoint(point);
}
