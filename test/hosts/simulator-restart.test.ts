import { describe, expect, test } from "@jest/globals";
import { Flash } from "../../hosts/simulator/index.ts";
import { Condition } from "./support/condition.ts";
import { Household } from "./support/household.ts";

describe("what the firmware keeps over a power cut", () => {
	const home = new Household();

	test("is the report of an outage that nobody could be told of", async () => {
		const flash = new CountingFlash();
		const device = home.devices.firmware(home.port, {}, { flash, speed: 20 });
		await home.observer.hears("interval", /./);
		const before = flash.writes;
		device.simulated.loseWiFi();
		await flash.written(before + 1);
		await device.simulated.kill();
		expect(home.observer.all("diagnostics")).toEqual([]);
		home.devices.firmware(home.port, {}, { flash });
		const { text } = await home.observer.hears("diagnostics", /disconnected/);
		expect(JSON.parse(text)).toMatchObject({ event: "disconnected", reason: "the Wi-Fi is lost" });
	});

	test("is the interval that a command has set", async () => {
		const flash = new Flash();
		const device = home.devices.firmware(home.port, {}, { flash });
		await home.observer.hears("interval", /^1$/);
		await home.observer.command("interval", "7");
		await home.observer.hears("interval", /^7$/);
		await device.simulated.kill();
		home.devices.firmware(home.port, {}, { flash });
		await home.observer.hears("interval", /^7$/, 2);
	});

	test("is not what is published anew anyway: readings and announcements cost no write to flash", async () => {
		const flash = new CountingFlash();
		home.devices.firmware(home.port, {}, { flash, speed: 50 });
		await home.observer.hears("state", /./, 60);
		// The version that the broker speaks.
		expect(flash.writes).toBeLessThanOrEqual(1);
	});
});

class CountingFlash extends Flash {
	writes = 0;
	readonly #changed = new Condition();

	override write(path: string, key: string, value: Uint8Array): void {
		super.write(path, key, value);
		this.writes++;
		this.#changed.notify();
	}

	/** Resolves when so many writes are done. */
	written(count: number): Promise<true> {
		return this.#changed.until(() => (this.writes >= count ? true : undefined));
	}
}
