/** Whether two views hold the same octets. Not in constant time: nothing in a certificate is secret. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && startsWith(a, b);
}

/** Whether `bytes` begins with `prefix`. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
	if (prefix.length > bytes.length) return false;
	for (let index = 0; index < prefix.length; index++) if (bytes[index] !== prefix[index]) return false;
	return true;
}

/** Whether `a` is less than `b`: both magnitudes, most significant octet first, without leading zeros. */
export function isBelow(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return a.length < b.length;
	for (let index = 0; index < a.length; index++) {
		const difference = (a[index] ?? 0) - (b[index] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return false;
}
