/** Octets from hexadecimal digits; white space is passed over. */
export function fromHex(text: string): Uint8Array {
	const digits = text.replace(/\s/g, "");
	const bytes = new Uint8Array(digits.length / 2);
	for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
	return bytes;
}
