import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
	type Curve,
	encodeEcdsaSignature,
	pkcs1Encoding,
	type RsaPublicKey,
	readEcdsaSignature,
} from "../../../src/tls/index.ts";
import { isPlausibleSignature } from "../../../src/tls/signature.ts";
import { concat, der, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";

const P256_ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER = `${"ff".repeat(24)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`;

const signatureOf = (r: string, s: string) => sequence(der(2, fromHex(r)), der(2, fromHex(s)));

describe("readEcdsaSignature", () => {
	test.each<[Curve, string]>([
		["P-256", P256_ORDER],
		["P-384", P384_ORDER],
	])("takes numbers from 1 to n-1 on %s", (curve, order) => {
		const belowOrder = order.slice(0, -2) + (Number.parseInt(order.slice(-2), 16) - 1).toString(16);
		expect(readEcdsaSignature(signatureOf("01", `00${belowOrder}`), curve)).toEqual({
			r: fromHex("01"),
			s: fromHex(belowOrder),
		});
		expect(readEcdsaSignature(signatureOf(`00${belowOrder}`, "0080"), curve)).toMatchObject({ s: fromHex("80") });
		expect(readEcdsaSignature(signatureOf("01", `00${order}`), curve)).toBeUndefined();
		expect(readEcdsaSignature(signatureOf(`00${order}`, "01"), curve)).toBeUndefined();
		expect(readEcdsaSignature(signatureOf("01", `01${order}`), curve)).toBeUndefined();
	});

	test.each([
		["r = 0", signatureOf("00", "01")],
		["s = 0", signatureOf("01", "00")],
		["both 0", signatureOf("00", "00")],
		["a negative r", signatureOf("80", "01")],
		["needless zeros", signatureOf("0001", "01")],
		["an empty number", signatureOf("", "01")],
		["one number", sequence(der(2, fromHex("01")))],
		["three numbers", sequence(...new Array<Uint8Array>(3).fill(der(2, fromHex("01"))))],
		["something after it", concat(signatureOf("01", "01"), fromHex("00"))],
		["numbers without DER", fromHex("01".repeat(64))],
		["nothing", concat()],
	])("refuses %s", (_, signature) => {
		expect(readEcdsaSignature(signature, "P-256")).toBeUndefined();
	});
});

describe("encodeEcdsaSignature", () => {
	const numbers = fc.uint8Array({ minLength: 1, maxLength: 31 }).filter((bytes) => bytes.some((octet) => octet !== 0));
	const withoutZeros = (bytes: Uint8Array) => bytes.subarray(bytes.findIndex((octet) => octet !== 0));

	test("writes what readEcdsaSignature reads, without zeros before the numbers", () => {
		fc.assert(
			fc.property(numbers, numbers, (r, s) => {
				const read = readEcdsaSignature(encodeEcdsaSignature({ r, s }), "P-256");
				expect(read).toEqual({ r: withoutZeros(r), s: withoutZeros(s) });
			}),
		);
	});

	test("keeps the length in one octet for the longest numbers", () => {
		const largest = fromHex(P384_ORDER.replace(/3$/, "2"));
		const bytes = encodeEcdsaSignature({ r: largest, s: largest });
		expect(bytes[1]).toBe(102);
		expect(readEcdsaSignature(bytes, "P-384")).toEqual({ r: largest, s: largest });
	});
});

describe("isPlausibleSignature", () => {
	const ec = { kind: "ec", curve: "P-256", spki: concat(), point: concat() } as const;
	const rsa: RsaPublicKey = { kind: "rsa", spki: concat(), modulus: fromHex("c0ffee"), exponent: fromHex("010001") };

	test("wants an algorithm of the key's kind", () => {
		expect(isPlausibleSignature("ecdsa-sha256", ec, signatureOf("01", "01"))).toBe(true);
		expect(isPlausibleSignature("rsa-sha256", ec, signatureOf("01", "01"))).toBe(false);
		expect(isPlausibleSignature("rsa-sha256", rsa, fromHex("c0ffed"))).toBe(true);
		expect(isPlausibleSignature("ecdsa-sha256", rsa, fromHex("c0ffed"))).toBe(false);
	});

	test.each(["c0ffee", "c0ffef", "ffffff", "c0ff", "00c0ffed", ""])("refuses the RSA signature %p", (hex) => {
		expect(isPlausibleSignature("rsa-sha256", rsa, fromHex(hex))).toBe(false);
	});
});

describe("pkcs1Encoding", () => {
	test.each([
		["rsa-sha256", 32, "3031300d060960864801650304020105000420"],
		["rsa-sha384", 48, "3041300d060960864801650304020205000430"],
		["rsa-sha512", 64, "3051300d060960864801650304020305000440"],
	] as const)("of %s is that of RFC 8017 section 9.2", (algorithm, digestLength, digestInfo) => {
		const digest = new Uint8Array(digestLength).fill(0xab);
		const padding = 256 - 3 - 19 - digestLength;
		const expected = `0001${"ff".repeat(padding)}00${digestInfo}${"ab".repeat(digestLength)}`;
		expect(pkcs1Encoding(algorithm, digest, 256)).toEqual(fromHex(expected));
	});

	test("has eight octets of padding at least", () => {
		const digest = new Uint8Array(32);
		expect(pkcs1Encoding("rsa-sha256", digest, 62)?.slice(0, 11)).toEqual(fromHex("0001ffffffffffffffff00"));
		expect(pkcs1Encoding("rsa-sha256", digest, 61)).toBeUndefined();
	});
});
