/** FNV-1a of bytes, 32 bits: tells damage from data, and shortens names; no protection against intent. */
export function fnv1a(bytes: Uint8Array): number {
	let hash = 0x811c_9dc5;
	for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ (bytes[index] as number), 0x0100_0193);
	return hash >>> 0;
}

/** 32 bits as eight hexadecimal digits. */
export function hex8(value: number): string {
	return (value >>> 0).toString(16).padStart(8, "0");
}
