import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Flash } from "../../hosts/simulator/index.ts";

describe("the simulated flash storage", () => {
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "motehub-flash-"));
	});
	afterEach(() => rm(folder, { recursive: true }));

	test("keeps values by domain and key", () => {
		const flash = new Flash();
		flash.write("one", "key", Uint8Array.of(1));
		flash.write("two", "key", Uint8Array.of(2));
		flash.write("two", "__proto__", Uint8Array.of(3));
		expect([...(flash.read("one", "key") ?? [])]).toEqual([1]);
		expect([...(flash.read("two", "__proto__") ?? [])]).toEqual([3]);
		expect(flash.read("three", "constructor")).toBeUndefined();
		flash.delete("two", "key");
		expect(flash.keys("two")).toEqual(["__proto__"]);
	});

	test("with a file, is the same again in another process", async () => {
		const file = join(folder, "devices", "device-1.json");
		const flash = new Flash(file);
		flash.write("motehub", "key", Uint8Array.of(0, 255));
		flash.write("motehub", "gone", Uint8Array.of(1));
		flash.delete("motehub", "gone");
		const again = new Flash(file);
		expect(again.keys("motehub")).toEqual(["key"]);
		expect([...(again.read("motehub", "key") ?? [])]).toEqual([0, 255]);
		expect(await readdir(join(folder, "devices"))).toEqual(["device-1.json"]);
	});

	test.each(["", "sixteen-letters-"])("refuses the name %j, as the ESP32 does", (name) => {
		const flash = new Flash();
		expect(() => flash.write("motehub", name, new Uint8Array(1))).toThrow("1 to 15 characters");
		expect(() => flash.read(name, "key")).toThrow("1 to 15 characters");
	});

	test("refuses a value that is too large", () => {
		expect(() => new Flash().write("motehub", "key", new Uint8Array(4_001))).toThrow("more than the flash takes");
	});

	test.each(["no JSON", "[1]", '{"motehub":{"key":1}}'])("refuses a file that it has not written: %s", async (text) => {
		const file = join(folder, "other.json");
		await writeFile(file, text);
		expect(() => new Flash(file)).toThrow(`${file} cannot be read as a device's flash`);
	});
});
