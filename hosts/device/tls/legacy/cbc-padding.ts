/** Octets of a block of AES, and of an HMAC with SHA-1. */
export const BLOCK = 16;
export const MAC = 20;
/** Octets of a block of SHA-1, and of what goes into the MAC before a record's content: its number, type, version, length. */
const HASH_BLOCK = 64;
const MAC_HEADER = 13;
/** Octets that SHA-1 adds at the end, at least. */
const HASH_TRAILER = 9;
const MAX_PADDING = 255;

/** Makes whole blocks of a record's content and its MAC: each octet of the padding says how many more there are. */
export function padded(content: Uint8Array, mac: Uint8Array): Uint8Array {
	const length = content.length + mac.length + 1;
	const padding = (BLOCK - (length % BLOCK)) % BLOCK;
	const block = new Uint8Array(length + padding).fill(padding);
	block.set(content);
	block.set(mac, content.length);
	return block;
}

/**
 * The content of a decrypted record, as a view; undefined: the padding or the MAC is wrong. Which of them, nobody is to
 * learn (RFC 4346 section 6.2.3.2): all of the padding and the MAC are looked at in any case, and as much is hashed.
 * `macOf` computes the MAC of a content; `hash` hashes so many octets for nothing.
 */
export function unpadded(
	record: Uint8Array,
	macOf: (content: Uint8Array) => Uint8Array,
	hash: (octets: number) => void,
): Uint8Array | undefined {
	const { length } = record;
	if (length < BLOCK || length % BLOCK !== 0 || length <= MAC) return undefined;
	const most = length - MAC - 1;
	const claimed = record[length - 1] ?? 0;
	const padding = claimed > most ? 0 : claimed;
	let difference = claimed ^ padding;
	for (let behind = 1; behind <= Math.min(MAX_PADDING + 1, length); behind++) {
		// All ones from where the content or the MAC begins: a branch would take another time.
		const isBefore = (padding + 1 - behind) >> 31;
		difference |= ((record[length - behind] ?? 0) ^ claimed) & ~isBefore;
	}
	const end = most - padding;
	const content = record.subarray(0, end);
	const mac = macOf(content);
	hash((hashedBlocks(most) - hashedBlocks(end)) * HASH_BLOCK);
	for (let at = 0; at < MAC; at++) difference |= (mac[at] ?? 0) ^ (record[end + at] ?? 0);
	return difference === 0 ? content : undefined;
}

function hashedBlocks(content: number): number {
	return Math.ceil((MAC_HEADER + content + HASH_TRAILER) / HASH_BLOCK);
}
