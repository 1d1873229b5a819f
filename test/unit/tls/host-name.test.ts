import { describe, expect, test } from "@jest/globals";
import { listHosts, namesHost, parseHost } from "../../../src/tls/host-name.ts";
import { ascii, concat, der, directoryName, dnsName, ipAddress } from "../../support/tls/der-writer.ts";

const matches = (names: Uint8Array, host: string) => {
	const identity = parseHost(host);
	return identity !== undefined && namesHost(names, identity);
};

describe("namesHost", () => {
	test.each([
		["broker.example.com", "broker.example.com"],
		["Broker.Example.COM", "bROKER.eXAMPLE.com"],
		["broker.example.com", "broker.example.com."],
		["localhost", "localhost"],
		["my_broker.local", "my_broker.local"],
		["xn--brker-jua.example", "xn--brker-jua.example"],
		["*.example.com", "broker.example.com"],
		["*.example.com", "BROKER.EXAMPLE.COM"],
		["*.example.com", "xn--brker-jua.example.com"],
		["*.a.example.com", "b.a.example.com"],
		["1.2.3.4.example.com", "1.2.3.4.example.com"],
	])("dNSName %s is for %s", (name, host) => {
		expect(matches(dnsName(name), host)).toBe(true);
	});

	test.each([
		["broker.example.com", "example.com"],
		["example.com", "broker.example.com"],
		["broker.example.com", "broker.example.org"],
		["broker.example.com", "broker-example.com"],
		["broker.example.com.", "broker.example.com"],
		[".example.com", "broker.example.com"],
		["", "broker.example.com"],
		["*.example.com", "example.com"],
		["*.example.com", "a.b.example.com"],
		["*.example.com", ".example.com"],
		["*.com", "example.com"],
		["*.local", "broker.local"],
		["*.com.", "example.com"],
		["*", "localhost"],
		["*.", "localhost."],
		["*.*.com", "a.b.com"],
		["b*.example.com", "broker.example.com"],
		["*r.example.com", "broker.example.com"],
		["broker.*.com", "broker.example.com"],
		["**.example.com", "broker.example.com"],
		["*broker.example.com", "broker.example.com"],
		["broker.example.com\0", "broker.example.com"],
		["broker.example.com\0.evil.example", "broker.example.com"],
		["evil.example\0broker.example.com", "broker.example.com"],
		["192.0.2.1", "192.0.2.1"],
		["*.0.2.1", "192.0.2.1"],
		["::1", "::1"],
		["br\u00f6ker.example", "br\u00f6ker.example"],
	])("dNSName %p is not for %s", (name, host) => {
		expect(matches(dnsName(name), host)).toBe(false);
	});

	test("takes letters for letters only", () => {
		// 0x5b and 0x7b differ by the bit that separates the cases, but are no letters; so do @ and `.
		expect(matches(dnsName("a{b"), "a[b")).toBe(false);
		expect(matches(dnsName("\u0001.example.com"), "!.example.com")).toBe(false);
	});

	test("compares addresses octet by octet", () => {
		expect(matches(ipAddress(192, 0, 2, 1), "192.0.2.1")).toBe(true);
		expect(matches(ipAddress(192, 0, 2, 1), "192.0.2.2")).toBe(false);
		expect(matches(ipAddress(192, 0, 2, 1), "::ffff:192.0.2.1")).toBe(false);
		expect(matches(ipAddress(192, 0, 2), "192.0.2.1")).toBe(false);
		expect(matches(ipAddress(...new Array<number>(15).fill(0), 1), "::1")).toBe(true);
		expect(matches(ipAddress(...new Array<number>(15).fill(0), 1), "[::1]")).toBe(true);
		expect(matches(ipAddress(), "192.0.2.1")).toBe(false);
	});

	test("looks at names of its own form alone", () => {
		const others = concat(
			der(0x81, ascii("broker.example.com")),
			der(0x86, ascii("broker.example.com")),
			directoryName("broker.example.com"),
		);
		expect(matches(others, "broker.example.com")).toBe(false);
		expect(matches(concat(others, dnsName("a.example"), dnsName("broker.example.com")), "broker.example.com")).toBe(
			true,
		);
	});
});

describe("parseHost", () => {
	test.each([
		...[
			"",
			".",
			"..",
			"a..b",
			".a",
			"a..",
			"a b",
			"a/b",
			"a:1",
			"user@a",
			"*.example.com",
			"a\0b",
			"192.0.2.256",
			"1.2.3",
			"a.1",
			"[broker]",
		],
		...["[::1", "::1]", "a".repeat(64), `${"a.".repeat(126)}aa`, "fe80::1%eth0"],
	])("finds no host in %p", (text) => {
		expect(parseHost(text)).toBeUndefined();
	});

	test("takes the longest label and the longest name", () => {
		expect(parseHost("a".repeat(63))).toEqual({ kind: "dns", name: "a".repeat(63) });
		expect(parseHost(`${"a.".repeat(126)}a`)).toMatchObject({ kind: "dns" });
	});
});

describe("listHosts", () => {
	test("stops at its limit and prints nothing but ASCII", () => {
		const names = concat(dnsName("a\n\u00e9b"), der(0x81, ascii("c")), ipAddress(192, 0, 2, 1), dnsName("d"));
		expect(listHosts(names, 2)).toEqual(["a??b", "192.0.2.1"]);
		expect(listHosts(names, 9)).toEqual(["a??b", "192.0.2.1", "d"]);
	});
});
