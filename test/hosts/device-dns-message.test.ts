import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeQuery, isHostName, readAnswer } from "../../hosts/device/dns/message.ts";

const NAME = "broker.example.org";
const QUERY = encodeQuery(0x1234, NAME, false);
const MDNS_QUERY = encodeQuery(0, "hub.local", true);

/** `12 34 "text" …` as bytes. */
function bytes(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
	return Uint8Array.from(
		parts.flatMap((part) =>
			typeof part === "number" ? [part] : typeof part === "string" ? [...Buffer.from(part)] : [...part],
		),
	);
}

const QUESTION = bytes(6, "broker", 7, "example", 3, "org", 0, 0, 1, 0, 1);

/** The header of an answer to QUERY, and its question. */
function answerHead(records: number, flags = 0x8180): Uint8Array {
	return bytes(0x12, 0x34, flags >> 8, flags & 0xff, 0, 1, records >> 8, records & 0xff, 0, 0, 0, 0, QUESTION);
}

function record(name: Uint8Array, type: number, data: Uint8Array, dnsClass = 1): Uint8Array {
	return bytes(name, 0, type, dnsClass >> 8, dnsClass & 0xff, 0, 0, 0, 60, 0, data.length, data);
}

const SAME_NAME = bytes(0xc0, 12);
const A = (last: number) => bytes(192, 168, 1, last);

describe("a DNS query", () => {
	test("asks for the A records, with recursion", () => {
		const head = bytes(0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0);
		expect(QUERY).toEqual(bytes(head, QUESTION));
	});

	test("by multicast has id 0, no recursion, and asks for an answer to the asker alone (RFC 6762, 5.4)", () => {
		const head = bytes(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
		expect(MDNS_QUERY).toEqual(bytes(head, 3, "hub", 5, "local", 0, 0, 1, 0x80, 1));
	});

	test.each([
		["broker", true],
		["a.b-c.example.org", true],
		["_mqtt.example.org", true],
		[`${"a".repeat(63)}.org`, true],
		["", false],
		[".", false],
		["a..b", false],
		[".a", false],
		[`${"a".repeat(64)}.org`, false],
		[Array(64).fill("abc").join("."), false],
		["a b", false],
		["bröker.local", false],
	])("can be about %j: %s", (name, isPossible) => {
		expect(isHostName(name)).toBe(isPossible);
	});
});

describe("a DNS answer", () => {
	test("gives every A record in order, also those of an alias", () => {
		const alias = bytes(4, "real", 0xc0, 19);
		const message = bytes(answerHead(3), record(SAME_NAME, 5, alias), record(alias, 1, A(7)), record(alias, 1, A(8)));
		expect(readAnswer(message, QUERY, NAME, false)).toEqual({
			kind: "addresses",
			addresses: ["192.168.1.7", "192.168.1.8"],
		});
	});

	test("does not mind the case of the name that comes back", () => {
		const message = bytes(answerHead(1), record(SAME_NAME, 1, A(1)));
		message[13] = 0x42;
		expect(readAnswer(message, QUERY, NAME, false)).toEqual({ kind: "addresses", addresses: ["192.168.1.1"] });
	});

	test.each([
		["no such name", bytes(answerHead(0, 0x8183)), "none"],
		["a name with IPv6 addresses only", bytes(answerHead(1), record(SAME_NAME, 28, new Uint8Array(16))), "none"],
		["server failure", bytes(answerHead(0, 0x8182)), "failed"],
		["refused", bytes(answerHead(0, 0x8185)), "failed"],
	])("says %s", (_what, message, kind) => {
		expect(readAnswer(message, QUERY, NAME, false)).toEqual({ kind });
	});

	const good = bytes(answerHead(1), record(SAME_NAME, 1, A(1)));
	const withByte = (at: number, value: number) => good.map((byte, index) => (index === at ? value : byte));
	test.each([
		["another id", withByte(1, 0x35)],
		["a query", withByte(2, 0x01)],
		["another name", withByte(15, 0x78)],
		["another type", withByte(33, 28)],
		["no question", withByte(5, 0)],
		["nothing", new Uint8Array(0)],
		["a header alone", good.subarray(0, 12)],
	])("is not what has %s", (_what, message) => {
		expect(readAnswer(message, QUERY, NAME, false)).toBeUndefined();
	});

	test("that is cut off anywhere is none", () => {
		for (let length = 0; length < good.length; length++) {
			expect(readAnswer(good.subarray(0, length), QUERY, NAME, false)).toBeUndefined();
		}
	});

	test("never throws, and never names what is no address, whatever the bytes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (tail, multicast) => {
				const answer = readAnswer(bytes(answerHead(2), tail), QUERY, NAME, multicast);
				for (const address of answer?.kind === "addresses" ? answer.addresses : []) {
					expect(address).toMatch(/^(\d{1,3}\.){3}\d{1,3}$/);
				}
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe("an mDNS answer", () => {
	const head = (records: number) => bytes(0, 0, 0x84, 0, 0, 0, 0, records, 0, 0, 0, 0);
	const OWN = bytes(3, "hub", 5, "local", 0);
	const CACHE_FLUSH = 0x8001;

	test("needs no question; the records of the name count, with or without the cache-flush bit", () => {
		const other = bytes(5, "other", 0xc0, 16);
		const message = bytes(
			head(3),
			record(OWN, 1, A(1), CACHE_FLUSH),
			record(other, 1, A(2)),
			record(bytes(0xc0, 12), 1, A(3)),
		);
		expect(readAnswer(message, MDNS_QUERY, "HUB.local", true)).toEqual({
			kind: "addresses",
			addresses: ["192.168.1.1", "192.168.1.3"],
		});
	});

	test("about other names is none", () => {
		const message = bytes(head(1), record(bytes(5, "other", 5, "local", 0), 1, A(2)));
		expect(readAnswer(message, MDNS_QUERY, "hub.local", true)).toBeUndefined();
	});

	test.each([
		["itself", bytes(0xc0, 12)],
		["what comes later", bytes(0xc0, 14)],
		["a pointer back", bytes(3, "hub", 0xc0, 16)],
	])("with a name that points to %s does not hang", (_where, name) => {
		expect(readAnswer(bytes(head(1), record(name, 1, A(1))), MDNS_QUERY, "hub.local", true)).toBeUndefined();
	});
});
