import { describe, expect, test } from "@jest/globals";
import { encodeUtf8, UsageError } from "../../../src/codec/index.ts";
import { encodeBase64 } from "../../../src/websocket/base64.ts";
import { sha1 } from "../../../src/websocket/sha1.ts";
import { acceptFor, checkUpgrade, UpgradeReader, upgradeRequest } from "../../../src/websocket/upgrade.ts";

/** RFC 6455, section 1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const ANSWER = {
	status: "HTTP/1.1 101 Switching Protocols",
	Upgrade: "websocket",
	Connection: "keep-alive, Upgrade",
	"Sec-WebSocket-Accept": ACCEPT,
	"Sec-WebSocket-Protocol": "mqtt",
};

function answer(changes: Readonly<Record<string, string | undefined>> = {}): Uint8Array {
	const { status, ...headers } = { ...ANSWER, ...changes };
	const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
	return encodeUtf8(`${[status, ...lines].join("\r\n")}\r\n\r\n`);
}

function hex(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("SHA-1", () => {
	test.each([
		["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
		["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
		["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
		["a".repeat(1_000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"],
	])("of %j is that of RFC 3174 and others", (message, digest) => {
		expect(hex(sha1(encodeUtf8(message)))).toBe(digest);
	});
});

describe("base64", () => {
	test.each([
		["", ""],
		["f", "Zg=="],
		["fo", "Zm8="],
		["foo", "Zm9v"],
		["foobar", "Zm9vYmFy"],
	])("of %j is %j (RFC 4648, section 10)", (text, encoded) => {
		expect(encodeBase64(encodeUtf8(text))).toBe(encoded);
	});
});

describe("the WebSocket handshake's request", () => {
	test("asks for an upgrade to MQTT", () => {
		const request = upgradeRequest({ host: "hub:8080", path: "/mqtt", headers: { "X-Token": "abc" } }, KEY);
		expect(String.fromCharCode(...request).split("\r\n")).toEqual([
			"GET /mqtt HTTP/1.1",
			"Host: hub:8080",
			"Upgrade: websocket",
			"Connection: Upgrade",
			`Sec-WebSocket-Key: ${KEY}`,
			"Sec-WebSocket-Protocol: mqtt",
			"Sec-WebSocket-Version: 13",
			"X-Token: abc",
			"",
			"",
		]);
	});

	test.each<[string, string, Readonly<Record<string, string>>]>([
		["a path without /", "mqtt", {}],
		["a path with a space", "/a b", {}],
		["a line end in a path", "/\r\nX: y", {}],
		["a line end in a header", "/", { a: "b\r\nc: d" }],
		["a colon in a header's name", "/", { "a:": "b" }],
		["a header without a name", "/", { "": "b" }],
	])("does not take %s", (_what, path, headers) => {
		expect(() => checkUpgrade({ host: "h", path, headers })).toThrow(UsageError);
	});
});

describe("the answer", () => {
	test("accepts the key as RFC 6455 says", () => {
		expect(acceptFor(KEY)).toBe(ACCEPT);
	});

	test("may be cut anywhere, and what follows it belongs to frames", () => {
		const head = answer();
		const all = new Uint8Array([...head, 0x82, 0x01, 0x07]);
		for (let cut = 1; cut < all.length; cut++) {
			const reader = new UpgradeReader(KEY);
			const first = reader.push(all.subarray(0, cut));
			const rest: number[] = [];
			if (first === undefined) {
				const second = reader.push(all.subarray(cut));
				if (second !== undefined && "rest" in second) rest.push(...second.rest);
			} else if ("rest" in first) rest.push(...first.rest, ...all.subarray(cut));
			expect(rest).toEqual([0x82, 0x01, 0x07]);
		}
	});

	test.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
		["not found", { status: "HTTP/1.1 404 Not Found" }, /answers 404 Not Found/],
		["a redirect", { status: "HTTP/1.1 301 Moved" }, /answers 301 Moved/],
		["another protocol", { status: "SSH-2.0" }, /not answer in HTTP/],
		["no upgrade", { Upgrade: undefined }, /does not upgrade to WebSocket/],
		["no connection", { Connection: "keep-alive" }, /does not upgrade the connection/],
		["another accept", { "Sec-WebSocket-Accept": "AAAA" }, /not to our WebSocket key/],
		["an extension", { "Sec-WebSocket-Extensions": "permessage-deflate" }, /extension that nobody asked for/],
		["no subprotocol", { "Sec-WebSocket-Protocol": undefined }, /subprotocol "mqtt"/],
	])("with %s is refused", (_what, changes, failure) => {
		expect(new UpgradeReader(KEY).push(answer(changes))).toEqual({ failure: expect.stringMatching(failure) });
	});

	test("that does not end is given up", () => {
		expect(new UpgradeReader(KEY).push(new Uint8Array(9_000).fill(0x41))).toEqual({
			failure: expect.stringContaining("longer than 8192 bytes"),
		});
	});
});
