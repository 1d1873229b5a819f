const DIGITS = "0123456789abcdef";

/** Bytes in hexadecimal digits, small letters. */
export function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
	return text;
}

/** The bytes that hexadecimal digits stand for; undefined where they are none, or half a byte is missing. */
export function fromHex(text: string): Uint8Array | undefined {
	if (text.length % 2 !== 0) return undefined;
	const bytes = new Uint8Array(text.length / 2);
	for (let at = 0; at < text.length; at++) {
		const digit = DIGITS.indexOf(text.charAt(at).toLowerCase());
		if (digit < 0) return undefined;
		bytes[at >> 1] = ((bytes[at >> 1] ?? 0) << 4) | digit;
	}
	return bytes;
}
