import { describe, expect, test } from "@jest/globals";
import { DerError, DerReader } from "../../../src/tls/der.ts";
import { namesAllowed, readNameConstraints } from "../../../src/tls/name-constraints.ts";
import {
	ascii,
	concat,
	der,
	directoryName,
	distinguishedName,
	dnsName,
	ipAddress,
	sequence,
} from "../../support/tls/der-writer.ts";

interface Subtrees {
	readonly permitted?: readonly Uint8Array[];
	readonly excluded?: readonly Uint8Array[];
}

const MANY = 1_000;
const subtrees = (tag: number, bases: readonly Uint8Array[] = []) =>
	bases.length === 0 ? concat() : der(tag, ...bases.map((base) => sequence(base)));
const constraintsOf = ({ permitted, excluded }: Subtrees) =>
	readNameConstraints(new DerReader(sequence(subtrees(0xa0, permitted), subtrees(0xa1, excluded))));
const allowed = (trees: Subtrees, ...names: readonly Uint8Array[]) =>
	namesAllowed(constraintsOf(trees), { subject: sequence(), subjectAltName: concat(...names) }, MANY);
const mail = (address: string) => der(0x81, ascii(address));

describe("permitted DNS names", () => {
	test.each([
		["example.com", "example.com", true],
		["example.com", "a.example.com", true],
		["example.com", "a.b.EXAMPLE.com", true],
		["example.com", "*.example.com", true],
		["example.com", "badexample.com", false],
		["example.com", "example.com.evil", false],
		["example.com", "com", false],
		["a.example.com", "*.example.com", false],
		[".example.com", "a.example.com", true],
		[".example.com", "example.com", false],
		["", "anything.at.all", true],
		["example.com", "evil\0.example.com", true],
		["example.com", "", false],
	])("%p permits %p: %s", (base, name, verdict) => {
		expect(allowed({ permitted: [dnsName(base)] }, dnsName(name))).toBe(verdict);
	});

	test("any one will do", () => {
		expect(allowed({ permitted: [dnsName("a.example"), dnsName("b.example")] }, dnsName("x.b.example"))).toBe(true);
	});

	test("every name must be permitted", () => {
		expect(allowed({ permitted: [dnsName("a.example")] }, dnsName("a.example"), dnsName("b.example"))).toBe(false);
	});

	test("say nothing of other forms", () => {
		expect(allowed({ permitted: [dnsName("a.example")] }, ipAddress(192, 0, 2, 1), mail("a@b"))).toBe(true);
	});
});

describe("excluded DNS names", () => {
	test.each([
		["example.com", "a.example.com", false],
		["example.com", "example.com", false],
		["example.com", "example.org", true],
		["example.com", "badexample.com", true],
		["a.example.com", "*.example.com", false],
		["a.example.com", "*.EXAMPLE.com", false],
		["a.b.example.com", "*.example.com", true],
		["a.example.com", "*.example.org", true],
		["a.example.com", "*.ample.com", true],
		[".example.com", "*.example.com", false],
		["com", "*.example.com", false],
		["", "a", false],
	])("%p excludes %p: allowed %s", (base, name, verdict) => {
		expect(allowed({ excluded: [dnsName(base)] }, dnsName(name))).toBe(verdict);
	});

	test("prevail over permitted ones", () => {
		const trees = { permitted: [dnsName("example.com")], excluded: [dnsName("a.example.com")] };
		expect(allowed(trees, dnsName("b.example.com"))).toBe(true);
		expect(allowed(trees, dnsName("a.example.com"))).toBe(false);
	});
});

describe("addresses", () => {
	const network = ipAddress(192, 168, 0, 0, 255, 255, 0, 0);
	const everything6 = ipAddress(...new Array<number>(32).fill(0));

	test("are permitted by network", () => {
		expect(allowed({ permitted: [network] }, ipAddress(192, 168, 7, 1))).toBe(true);
		expect(allowed({ permitted: [network] }, ipAddress(192, 169, 7, 1))).toBe(false);
	});

	test("are excluded by network", () => {
		expect(allowed({ excluded: [network] }, ipAddress(192, 168, 7, 1))).toBe(false);
		expect(allowed({ excluded: [network] }, ipAddress(192, 169, 7, 1))).toBe(true);
		expect(allowed({ excluded: [everything6] }, ipAddress(...new Array<number>(16).fill(9)))).toBe(false);
	});

	test("of the other family are outside", () => {
		expect(allowed({ permitted: [everything6] }, ipAddress(192, 168, 7, 1))).toBe(false);
		expect(allowed({ excluded: [everything6] }, ipAddress(192, 168, 7, 1))).toBe(true);
	});

	test("and networks of no family are never allowed", () => {
		expect(allowed({ excluded: [network] }, ipAddress(192, 168))).toBe(false);
		expect(allowed({ permitted: [ipAddress(192, 168, 255, 255)] }, ipAddress(192, 168))).toBe(false);
		expect(allowed({ excluded: [ipAddress(192, 168, 0)] }, ipAddress(1, 2, 3, 4))).toBe(false);
	});
});

describe("directory names", () => {
	const withSubject = (trees: Subtrees, ...commonNames: readonly string[]) =>
		namesAllowed(constraintsOf(trees), { subject: distinguishedName(...commonNames), subjectAltName: concat() }, MANY);

	test("are permitted by their first RDNs", () => {
		expect(withSubject({ permitted: [directoryName("a", "b")] }, "a", "b", "c")).toBe(true);
		expect(withSubject({ permitted: [directoryName("a", "b")] }, "a", "b")).toBe(true);
		expect(withSubject({ permitted: [directoryName("a", "b")] }, "a", "c")).toBe(false);
		expect(withSubject({ permitted: [directoryName("a", "b")] }, "a")).toBe(false);
		expect(allowed({ permitted: [directoryName("a")] }, directoryName("b"))).toBe(false);
	});

	test("count only if there is a subject", () => {
		expect(withSubject({ permitted: [directoryName("a")] })).toBe(true);
	});

	test("cannot be compared with excluded ones", () => {
		expect(withSubject({ excluded: [directoryName("a")] }, "b")).toBe(false);
		expect(withSubject({ excluded: [directoryName("a")] })).toBe(true);
	});
});

describe("other forms", () => {
	test("are not allowed where they are constrained", () => {
		expect(allowed({ permitted: [mail("example.com")] }, mail("a@example.com"))).toBe(false);
		expect(allowed({ excluded: [mail("example.com")] }, mail("a@example.org"))).toBe(false);
		expect(allowed({ excluded: [mail("example.com")] }, dnsName("example.com"))).toBe(true);
	});
});

describe("the number of comparisons", () => {
	test("has a limit", () => {
		const constraints = constraintsOf({ permitted: [dnsName("a"), dnsName("b")], excluded: [dnsName("c")] });
		const names = { subject: sequence(), subjectAltName: concat(dnsName("x.a"), dnsName("x.b")) };
		expect(namesAllowed(constraints, names, 9)).toBe(true);
		expect(namesAllowed(constraints, names, 8)).toBeUndefined();
	});
});

describe("readNameConstraints", () => {
	test.each([
		["a minimum", sequence(der(0xa0, sequence(dnsName("a"), der(0x80, Uint8Array.of(1)))))],
		["a maximum", sequence(der(0xa0, sequence(dnsName("a"), der(0x81, Uint8Array.of(1)))))],
		["a subtree without a base", sequence(der(0xa0, sequence()))],
		["a base that ends late", sequence(der(0xa0, sequence(Uint8Array.of(0x82, 5, 0x61))))],
		["a directory name that is none", sequence(der(0xa1, sequence(der(0xa4, Uint8Array.of(5, 0)))))],
		["the lists the wrong way round", sequence(der(0xa1, sequence(dnsName("a"))), der(0xa0, sequence(dnsName("b"))))],
		["a third list", sequence(der(0xa2, sequence(dnsName("a"))))],
	])("refuses %s", (_, bytes) => {
		expect(() => readNameConstraints(new DerReader(bytes))).toThrow(DerError);
	});
});
