import { describe, expect, test } from "@jest/globals";
import { signedParts } from "../../../src/tls/certificate.ts";
import { DerError, parseCertificate } from "../../../src/tls/index.ts";
import { certificate, describeWithOpenSsl } from "../../support/tls/certificates.ts";
import { ascii, concat, der, distinguishedName, dnsName, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";
import { extension, extensions, type Parts, syntheticCertificate } from "../../support/tls/synthetic.ts";
import type { CertificateName } from "../../vectors/tls-certificates.ts";

const BASIC_CONSTRAINTS = "551d13";
const KEY_USAGE = "551d0f";
const EXTENDED_KEY_USAGE = "551d25";
const NOT_KNOWN = "2a0304";
const TRUE = "0101ff";
const FALSE = "010100";

const parse = (parts: Parts) => parseCertificate(syntheticCertificate(parts));
const withExtensions = (...list: readonly Uint8Array[]) => parse({ extensions: extensions(...list) }).extensions;

describe("parseCertificate", () => {
	test("gives views on what it is given", () => {
		const bytes = syntheticCertificate();
		const parsed = parseCertificate(bytes);
		const { der: whole, issuer, subject, publicKey } = parsed;
		const { tbs, signature } = signedParts(parsed.der);
		expect(whole).toBe(bytes);
		for (const view of [tbs, issuer, subject, signature, publicKey.spki]) expect(view.buffer).toBe(bytes.buffer);
		expect(tbs).toEqual(bytes.subarray(3, 3 + tbs.length));
		expect(issuer).toEqual(distinguishedName("issuer"));
		expect(subject).toEqual(distinguishedName("subject"));
		expect(signature).toEqual(fromHex("3006020101020101"));
	});

	test("knows the versions", () => {
		const none = { extensions: concat() };
		expect(parse({ ...none, version: concat() }).version).toBe(1);
		expect(parse({ ...none, version: fromHex("a003020101") }).version).toBe(2);
		expect(parse(none).version).toBe(3);
	});

	test("passes over unique identifiers where the version has them", () => {
		const uniqueIds = fromHex("81020000 82020000");
		expect(parse({ uniqueIds }).version).toBe(3);
		expect(() => parse({ uniqueIds, version: concat(), extensions: concat() })).toThrow(DerError);
	});

	test("takes serial numbers that older CAs gave", () => {
		for (const serialNumber of ["020100", "0201ff"]) {
			expect(() => parse({ serialNumber: fromHex(serialNumber) })).not.toThrow();
		}
	});

	test.each<[string, Parts]>([
		["version 4", { version: fromHex("a003020103") }],
		["version 1 written out", { version: fromHex("a003020100"), extensions: concat() }],
		["extensions in version 1", { version: concat() }],
		["extensions in version 2", { version: fromHex("a003020101") }],
		["an empty serial number", { serialNumber: fromHex("0200") }],
		["a serial number with needless zeros", { serialNumber: fromHex("02020001") }],
		["another algorithm outside than inside", { outerAlgorithm: fromHex("300a06082a8648ce3d040303") }],
		["parameters of ECDSA", { innerAlgorithm: fromHex("300c06082a8648ce3d0403020500") }],
		["parameters of RSA that are not NULL", { innerAlgorithm: fromHex("300e06092a864886f70d01010b020105") }],
		["one date", { validity: sequence(der(0x17, ascii("250101000000Z"))) }],
		["three dates", { validity: sequence(...new Array<Uint8Array>(3).fill(der(0x17, ascii("250101000000Z")))) }],
		["no key", { key: sequence() }],
		["an RSA key without NULL", { key: fromHex("3018300b06092a864886f70d010101030900 3006020111020103") }],
		["an RSA key that is negative", { key: fromHex("301a300d06092a864886f70d0101010500030900 3006020181020103") }],
		[
			"an RSA key with a third number",
			{ key: fromHex("301d300d06092a864886f70d0101010500030c00 3009020111020103020101") },
		],
		["something after the extensions", { extra: fromHex("0500") }],
		["a signature of odd bits", { signature: fromHex("03020100") }],
		[
			"an extension that is neither critical nor not",
			{ extensions: extensions(extension(NOT_KNOWN, fromHex("0500"), "010101")) },
		],
		["an extension without a value", { extensions: extensions(sequence(der(0x06, fromHex(NOT_KNOWN)))) }],
		[
			"something after an extension's value",
			{ extensions: extensions(sequence(extension(NOT_KNOWN, fromHex("0500")), fromHex("0500"))) },
		],
		[
			"an extension twice",
			{ extensions: extensions(...new Array<Uint8Array>(2).fill(extension(BASIC_CONSTRAINTS, sequence()))) },
		],
		["two elements in an extension", { extensions: extensions(extension(BASIC_CONSTRAINTS, fromHex("30003000"))) }],
		["a subjectAltName without a name", { extensions: extensions(extension("551d11", sequence())) }],
		[
			"a subjectAltName that ends within a name",
			{ extensions: extensions(extension("551d11", sequence(fromHex("820561")))) },
		],
		["a directory name that is none", { extensions: extensions(extension("551d11", sequence(fromHex("a4020500")))) }],
		[
			"a negative path length",
			{ extensions: extensions(extension(BASIC_CONSTRAINTS, sequence(fromHex(`${TRUE}0201ff`)))) },
		],
		["a key usage with nine unused bits", { extensions: extensions(extension(KEY_USAGE, fromHex("03020980"))) }],
		[
			"an extended key usage that is no list",
			{ extensions: extensions(extension(EXTENDED_KEY_USAGE, fromHex("0500"))) },
		],
	])("refuses %s", (_, parts) => {
		expect(() => parse(parts)).toThrow(DerError);
	});

	test("takes NULL and no parameters for RSA", () => {
		for (const hex of ["300d06092a864886f70d01010b0500", "300b06092a864886f70d01010b"]) {
			expect(parse({ innerAlgorithm: fromHex(hex) }).signatureAlgorithm).toBe("rsa-sha256");
		}
	});
});

describe("extensions", () => {
	test("say nothing where they are absent", () => {
		const none = { isCa: false, pathLength: undefined, keyUsage: undefined, allowsServerAuth: undefined };
		expect(withExtensions(extension(NOT_KNOWN, fromHex("0500")))).toMatchObject(none);
	});

	test.each([
		["", { isCa: false, pathLength: undefined }],
		[FALSE, { isCa: false, pathLength: undefined }],
		[TRUE, { isCa: true, pathLength: undefined }],
		[`${TRUE}020100`, { isCa: true, pathLength: 0 }],
		[`${TRUE}020103`, { isCa: true, pathLength: 3 }],
		[`${TRUE}02020100`, { isCa: true, pathLength: 255 }],
	])("basicConstraints %p", (hex, expected) => {
		expect(withExtensions(extension(BASIC_CONSTRAINTS, sequence(fromHex(hex)), TRUE))).toMatchObject(expected);
	});

	test.each([
		["03020780", 0x80],
		["03020106", 0x06],
		["0303070080", 0x00],
		["030100", 0x00],
	])("keyUsage %s", (hex, keyUsage) => {
		expect(withExtensions(extension(KEY_USAGE, fromHex(hex)))).toMatchObject({ keyUsage });
	});

	test.each([
		["06082b06010505070301", true],
		["06082b06010505070302 06082b06010505070301", true],
		["0604551d2500", true],
		["06082b06010505070302", false],
		["", false],
	])("extendedKeyUsage %p", (hex, allowsServerAuth) => {
		expect(withExtensions(extension(EXTENDED_KEY_USAGE, sequence(fromHex(hex))))).toMatchObject({ allowsServerAuth });
	});

	test("give key identifiers, and none where the authority's is issuer and serial number", () => {
		const subjectKeyId = extension("551d0e", der(0x04, fromHex("0102")));
		const authorityKeyId = (hex: string) => extension("551d23", sequence(fromHex(hex)));
		expect(withExtensions(subjectKeyId, authorityKeyId("80020304"))).toMatchObject({
			subjectKeyId: fromHex("0102"),
			authorityKeyId: fromHex("0304"),
		});
		expect(withExtensions(authorityKeyId("a100820101")).authorityKeyId).toBeUndefined();
	});

	test("name the first that is critical and not known", () => {
		const names = extension("551d11", sequence(dnsName("a")), TRUE);
		expect(withExtensions(names).unknownCritical).toBeUndefined();
		expect(withExtensions(names, extension(NOT_KNOWN, fromHex("0500"))).unknownCritical).toBeUndefined();
		expect(withExtensions(names, extension(NOT_KNOWN, fromHex("0500"), FALSE)).unknownCritical).toBeUndefined();
		expect(withExtensions(names, extension(NOT_KNOWN, fromHex("0500"), TRUE)).unknownCritical).toBe("1.2.3.4");
		// Policies (2.5.29.32): known by name, but not processed here.
		expect(withExtensions(extension("551d20", sequence(), TRUE)).unknownCritical).toBe("2.5.29.32");
	});
});

describeWithOpenSsl("a certificate by OpenSSL", () => {
	const SAMPLES: readonly CertificateName[] = [
		"leaf",
		"intermediatePermitted",
		"rootRsa",
		"leafNoSubject",
		"leafVersion1",
	];

	test("is read in full", () => {
		const leaf = parseCertificate(certificate("leaf"));
		expect(leaf).toMatchObject({
			version: 3,
			notBefore: 1_735_689_600,
			notAfter: 2_366_841_600,
			signatureAlgorithm: "ecdsa-sha256",
			publicKey: { kind: "ec", curve: "P-256" },
		});
		expect(leaf.extensions).toMatchObject({
			isCa: false,
			keyUsage: 0x80,
			allowsServerAuth: true,
			unknownCritical: undefined,
		});
		const intermediate = parseCertificate(certificate("intermediate"));
		expect(leaf.issuer).toEqual(intermediate.subject);
		expect(leaf.extensions.authorityKeyId).toEqual(intermediate.extensions.subjectKeyId);
	});

	test.each<[CertificateName, object]>([
		["leafEd25519", { publicKey: { kind: "unsupported", what: "algorithm 1.3.101.112" } }],
		["leafP521", { publicKey: { kind: "unsupported", what: "elliptic curve 1.3.132.0.35" } }],
		["leafOwnCurve", { publicKey: { kind: "unsupported", what: "an elliptic curve without a name" } }],
		["leafUnderRsa", { publicKey: { kind: "rsa", exponent: fromHex("010001") }, signatureAlgorithm: "rsa-sha256" }],
		["root384", { publicKey: { kind: "ec", curve: "P-384" }, signatureAlgorithm: "ecdsa-sha384" }],
		["leafUnderRsaSha1", { signatureAlgorithm: { weak: true, what: "SHA-1 with RSA" } }],
		["leafUnderRsaPss", { signatureAlgorithm: { weak: false, what: "1.2.840.113549.1.1.10" } }],
		["leafForever", { notAfter: 253_402_300_799 }],
		["rootNoId", { extensions: { subjectKeyId: undefined, authorityKeyId: undefined } }],
		["leafNoId", { extensions: { subjectKeyId: undefined, authorityKeyId: undefined } }],
	])("%s", (name, expected) => {
		expect(parseCertificate(certificate(name))).toMatchObject(expected);
	});

	test.each(SAMPLES)("%s is refused when cut at any octet", (name) => {
		const der = certificate(name);
		for (let length = 0; length < der.length; length++) {
			expect(() => parseCertificate(der.subarray(0, length))).toThrow(DerError);
		}
	});

	test("is refused with an octet after it", () => {
		expect(() => parseCertificate(concat(certificate("leaf"), fromHex("00")))).toThrow(/nothing may follow/);
	});
});
