/** UTF-8 the way Node's Buffer does it: what is ill-formed becomes U+FFFD, and nothing throws. */

const REPLACEMENT = 0xfffd;

/** Length in bytes of `text` as UTF-8. */
export function utf8Length(text: string): number {
	let length = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.codePointAt(at) ?? 0;
		if (code > 0xffff) at++;
		length += code < 0x80 ? 1 : code < 0x800 ? 2 : code > 0xffff ? 4 : 3;
	}
	return length;
}

/** Writes `text` from `at` on; the caller has made room for `utf8Length(text)` bytes. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): void {
	let to = at;
	for (let from = 0; from < text.length; from++) {
		const code = wellFormed(text.codePointAt(from) ?? 0);
		if (code < 0x80) {
			bytes[to++] = code;
		} else if (code < 0x800) {
			bytes[to++] = 0xc0 | (code >> 6);
			bytes[to++] = 0x80 | (code & 0x3f);
		} else if (code <= 0xffff) {
			bytes[to++] = 0xe0 | (code >> 12);
			bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
			bytes[to++] = 0x80 | (code & 0x3f);
		} else {
			from++;
			bytes[to++] = 0xf0 | (code >> 18);
			bytes[to++] = 0x80 | ((code >> 12) & 0x3f);
			bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
			bytes[to++] = 0x80 | (code & 0x3f);
		}
	}
}

/** A surrogate that stands alone has no UTF-8. */
function wellFormed(code: number): number {
	return code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
}

/** Decodes `bytes`; each longest piece of an ill-formed sequence becomes one U+FFFD (Unicode 3.9, table 3-8). */
export function readUtf8(bytes: Uint8Array): string {
	let text = "";
	let at = 0;
	while (at < bytes.length) {
		const lead = bytes[at++] ?? 0;
		let missing = continuations(lead);
		let code = missing === 0 ? lead : lead & (0x3f >> missing);
		if (missing < 0) code = REPLACEMENT;
		for (let first = true; missing > 0; missing--, first = false) {
			const next = bytes[at] ?? 0;
			if (at >= bytes.length || !continues(lead, next, first)) {
				code = REPLACEMENT;
				break;
			}
			code = (code << 6) | (next & 0x3f);
			at++;
		}
		text += String.fromCodePoint(code);
	}
	return text;
}

/** How many bytes follow this one; -1 when no sequence starts with it. */
function continuations(lead: number): number {
	if (lead < 0x80) return 0;
	if (lead < 0xc2) return -1;
	if (lead < 0xe0) return 1;
	if (lead < 0xf0) return 2;
	return lead < 0xf5 ? 3 : -1;
}

/** The byte after some leads has a smaller range: overlong forms, surrogates and code points past U+10FFFF are out. */
function continues(lead: number, byte: number, first: boolean): boolean {
	if (first && lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
	if (first && lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
	if (first && lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
	if (first && lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
	return byte >= 0x80 && byte <= 0xbf;
}
