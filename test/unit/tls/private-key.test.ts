import { describe, expect, test } from "@jest/globals";
import { parsePrivateKey } from "../../../src/tls/index.ts";
import { concat, der, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";
import { EC_ALGORITHM } from "../../support/tls/synthetic.ts";

const RSA_ALGORITHM = fromHex("300d06092a864886f70d0101010500");
const P384_ALGORITHM = fromHex("301006072a8648ce3d020106052b81040022");
const P521_ALGORITHM = fromHex("301006072a8648ce3d020106052b81040023");
const ED25519_ALGORITHM = fromHex("300506032b6570");

const integer = (hex: string) => der(0x02, fromHex(hex));
const pkcs8 = (algorithm: Uint8Array, key: Uint8Array, version = "00", ...more: Uint8Array[]) =>
	sequence(integer(version), algorithm, der(0x04, key), ...more);
const ecKey = (scalar: string, ...more: Uint8Array[]) => sequence(integer("01"), der(0x04, fromHex(scalar)), ...more);
const rsaKey = (version: string, ...numbers: string[]) => sequence(integer(version), ...numbers.map(integer));
/** n, e, d, p, q, d mod p-1, d mod q-1, q⁻¹ mod p. */
const RSA = ["00c1", "010001", "21", "00d3", "0d", "05", "07", "02"];

/** Of a key on P-256. */
const SCALAR = "07".repeat(32);

describe("parsePrivateKey", () => {
	test.each([
		["P-256", EC_ALGORITHM, "08".repeat(32)],
		["P-384", P384_ALGORITHM, "08".repeat(48)],
	])("reads a scalar on %s, and passes over the public key", (curve, algorithm, scalar) => {
		const publicKey = der(0xa1, der(0x03, fromHex("000405")));
		for (const key of [ecKey(scalar), ecKey(scalar, publicKey), ecKey(scalar, der(0xa0, fromHex("0500")), publicKey)]) {
			expect(parsePrivateKey(pkcs8(algorithm, key))).toEqual({ kind: "ec", curve, scalar: fromHex(scalar) });
		}
	});

	test("reads the parts of an RSA key", () => {
		expect(parsePrivateKey(pkcs8(RSA_ALGORITHM, rsaKey("00", ...RSA)))).toEqual({
			kind: "rsa",
			modulus: fromHex("c1"),
			publicExponent: fromHex("010001"),
			prime1: fromHex("d3"),
			prime2: fromHex("0d"),
			exponent1: fromHex("05"),
			exponent2: fromHex("07"),
			coefficient: fromHex("02"),
		});
	});

	test("passes over attributes and the public key of RFC 5958", () => {
		const key = pkcs8(EC_ALGORITHM, ecKey(SCALAR), "01", der(0xa0, fromHex("0500")), der(0x81, fromHex("0001")));
		expect(parsePrivateKey(key)).toMatchObject({ kind: "ec" });
	});

	test.each([
		["on another curve", pkcs8(P521_ALGORITHM, ecKey("07")), /neither P-256 nor P-384/],
		["that is too short for its curve", pkcs8(EC_ALGORITHM, ecKey("07".repeat(31))), /on P-256 of another length/],
		["that is too long for its curve", pkcs8(P384_ALGORITHM, ecKey("07".repeat(49))), /on P-384 of another length/],
		["of another kind", pkcs8(ED25519_ALGORITHM, der(0x04, fromHex("07"))), /neither RSA nor on a named curve/],
		["of RSA with three primes", pkcs8(RSA_ALGORITHM, rsaKey("01", ...RSA)), /more than two primes/],
		["of RSA that ends early", pkcs8(RSA_ALGORITHM, rsaKey("00", ...RSA.slice(1))), /tag 0x02 expected/],
		["with something after it", concat(pkcs8(EC_ALGORITHM, ecKey(SCALAR)), fromHex("00")), /nothing may follow/],
		["with something after its scalar", pkcs8(EC_ALGORITHM, ecKey(SCALAR, fromHex("0500"))), /nothing may follow/],
		["in SEC 1, without PKCS #8", ecKey("07"), /tag 0x30 expected/],
		["that is none", fromHex("00"), /tag 0x30 expected/],
		["that is empty", concat(), /tag 0x30 expected/],
	])("refuses a key %s", (_, key, fault) => {
		expect(() => parsePrivateKey(key)).toThrow(fault);
	});

	test("refuses a key that is cut anywhere", () => {
		const key = pkcs8(RSA_ALGORITHM, rsaKey("00", ...RSA));
		for (let length = 0; length < key.length; length++) {
			expect(() => parsePrivateKey(key.subarray(0, length))).toThrow(expect.objectContaining({ name: "DerError" }));
		}
	});
});
