/** The largest variable byte integer (section 1.5.5): four bytes of seven bits. */
export const MAX_VARINT = 268_435_455;

/** Bytes that `value` (0 to MAX_VARINT) takes as a variable byte integer. */
export function varintLength(value: number): number {
	return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

/** Writes `value` at `at` and returns the position after it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
	let to = at;
	let rest = value;
	for (; rest > 127; rest >>>= 7) target[to++] = (rest & 0x7f) | 0x80;
	target[to++] = rest;
	return to;
}
