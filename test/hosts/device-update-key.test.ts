import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { readSettings } from "../../hosts/device/firmware/settings.ts";

function keyOn(namedCurve: string): string {
	return generateKeyPairSync("ec", { namedCurve }).publicKey.export({ format: "der", type: "spki" }).toString("hex");
}

describe("the key of updates in the firmware's settings", () => {
	test("is a public one on P-256", () => {
		const update_key = keyOn("P-256");
		expect(readSettings({ mqtt: { broker: "b" }, firmware: { update_key } }).updateKey).toBe(update_key);
	});

	test.each([
		["on P-384", keyOn("P-384")],
		["on another curve of 256 bits", keyOn("secp256k1")],
		["that is cut", keyOn("P-256").slice(2)],
		["in a file", "key.pem"],
	])("is none %s", (_what, update_key) => {
		expect(() => readSettings({ mqtt: { broker: "b" }, firmware: { update_key } })).toThrow(
			/^config: firmware\.update_key must be a public ECDSA key on P-256, .*: openssl /,
		);
	});
});
