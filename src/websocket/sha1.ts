const BLOCK = 64;
const ROUNDS = 80;

/** SHA-1 (RFC 3174), 20 bytes. WebSocket's handshake wants it; nothing rests on it that is worth forging. */
export function sha1(message: Uint8Array): Uint8Array {
	const padded = pad(message);
	const view = new DataView(padded.buffer);
	const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
	const schedule = new Int32Array(ROUNDS);
	for (let at = 0; at < padded.length; at += BLOCK) {
		for (let round = 0; round < 16; round++) schedule[round] = view.getInt32(at + round * 4);
		for (let round = 16; round < ROUNDS; round++) schedule[round] = rotate(mix(schedule, round), 1);
		addBlock(hash, schedule);
	}
	const digest = new DataView(new ArrayBuffer(20));
	for (let word = 0; word < 5; word++) digest.setInt32(word * 4, hash[word] ?? 0);
	return new Uint8Array(digest.buffer);
}

/** A one bit, zeros, and the length in bits, to whole blocks. */
function pad(message: Uint8Array): Uint8Array {
	const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
	padded.set(message);
	padded[message.length] = 0x80;
	new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
	return padded;
}

function mix(schedule: Int32Array, round: number): number {
	const word = (back: number) => schedule[round - back] ?? 0;
	return word(3) ^ word(8) ^ word(14) ^ word(16);
}

function addBlock(hash: number[], schedule: Int32Array): void {
	let [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
	for (let round = 0; round < ROUNDS; round++) {
		const next = (rotate(a, 5) + choose(round, b, c, d) + e + (schedule[round] ?? 0)) | 0;
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	const words = [a, b, c, d, e];
	for (let word = 0; word < 5; word++) hash[word] = ((hash[word] ?? 0) + (words[word] ?? 0)) | 0;
}

/** The round's function and constant. */
function choose(round: number, b: number, c: number, d: number): number {
	if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
	if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
	if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(word: number, bits: number): number {
	return (word << bits) | (word >>> (32 - bits));
}
