/** As much of mqtt-packet's numbers as it needs to write what a device writes: two bytes. */
export function generateNumber(value: number): Uint8Array {
	return Uint8Array.of(value >> 8, value);
}
