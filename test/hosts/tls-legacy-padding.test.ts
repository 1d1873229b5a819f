import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BLOCK, MAC, padded, unpadded } from "../../hosts/device/tls/legacy/cbc-padding.ts";

/** Octets of a block of SHA-1, and of what TLS puts into a MAC before the content. */
const HASH_BLOCK = 64;
const MAC_HEADER = 13;

const macOf = (content: Uint8Array): Uint8Array =>
	createHmac("sha1", "key").update(Buffer.alloc(MAC_HEADER)).update(content).digest();
const open = (record: Uint8Array) => unpadded(record, macOf, () => undefined);

/** A record with so many octets of padding as the sender likes. */
function recordOf(content: Uint8Array, padding: number): Uint8Array {
	return Buffer.concat([content, macOf(content), Buffer.alloc(padding + 1, padding)]);
}

/** Every padding that makes whole blocks of a content. */
const paddingsOf = (length: number): number[] =>
	Array.from({ length: 256 }, (_, padding) => padding).filter((padding) => (length + MAC + 1 + padding) % BLOCK === 0);

const contents = fc.uint8Array({ maxLength: 600 });

describe("the padding of records before TLS 1.2", () => {
	test("makes whole blocks, and comes off again", () => {
		fc.assert(
			fc.property(contents, (content) => {
				const record = padded(content, macOf(content));
				expect(record.length % BLOCK).toBe(0);
				expect(record.length - content.length - MAC).toBeLessThanOrEqual(BLOCK);
				expect(open(record)).toEqual(content);
			}),
		);
	});

	test("may be as long as a sender likes, up to 255", () => {
		const content = Uint8Array.of(1, 2, 3);
		for (const padding of paddingsOf(content.length)) expect(open(recordOf(content, padding))).toEqual(content);
	});

	test("is refused with any bit changed, as the content and the MAC are", () => {
		const content = new Uint8Array(40).fill(7);
		for (const padding of paddingsOf(content.length)) {
			const record = recordOf(content, padding);
			for (let bit = 0; bit < record.length * 8; bit += 3) {
				const changed = record.slice();
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(open(changed)).toBeUndefined();
			}
		}
	});

	test("is refused where it claims more than there is", () => {
		fc.assert(
			fc.property(fc.nat(20), fc.nat(255), (blocks, claimed) => {
				const record = new Uint8Array(blocks * BLOCK).fill(claimed);
				expect(open(record)).toBeUndefined();
			}),
		);
	});

	test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, MAC])("is refused in a record of %i octets", (length) => {
		expect(open(new Uint8Array(length))).toBeUndefined();
	});

	test("takes as much hashing whatever it claims, so that the time tells nothing", () => {
		const hashed = (record: Uint8Array): number => {
			let blocks = 0;
			const count = (octets: number) => {
				blocks += octets / HASH_BLOCK;
			};
			// SHA-1 adds a one, zeros and a length of eight octets.
			const counted = (content: Uint8Array) => {
				count(Math.ceil((MAC_HEADER + content.length + 9) / HASH_BLOCK) * HASH_BLOCK);
				return macOf(content);
			};
			unpadded(record, counted, count);
			return blocks;
		};
		for (const length of [48, 320, 4_096]) {
			const work = Array.from({ length: 256 }, (_, claimed) => hashed(new Uint8Array(length).fill(claimed)));
			expect(new Set(work).size).toBe(1);
		}
	});
});
