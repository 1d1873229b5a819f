/**
 * The manifest puts this in the place of the SDK's module `rng`: every octet comes from the chip's generator, which is behind
 * `Math.random`. So what a hello shows of them, or what lies in RAM, says nothing of those that are keys.
 */
const RNG = Object.freeze({
	get(octets: number): ArrayBuffer {
		const bytes = new Uint8Array(octets);
		for (let at = 0; at < octets; at++) bytes[at] = Math.random() * 0x100;
		return bytes.buffer;
	},
});

export default RNG;
