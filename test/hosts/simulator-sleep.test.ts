import { describe, expect, test } from "@jest/globals";
import { Flash } from "../../hosts/simulator/index.ts";
import { Household } from "./support/household.ts";

describe("a device that sleeps between visits", () => {
	const home = new Household();

	test("delivers its reading, gets what came in its sleep, and is off again", async () => {
		const { port } = home;
		const flash = new Flash();
		const first = await home.devices.app("sleeper", { port, reading: 1 }, 1, { flash });
		expect(await first.says(/^visit over/)).toMatch(/^visit over: all done, 0 pending, \d writes$/);
		await first.simulated.kill();
		await home.observer.client.publishAsync("motehub/dut/command", Buffer.of(7), { qos: 2 });
		const second = await home.devices.app("sleeper", { port, reading: 2 }, 2, { flash });
		await second.says(/^command 7$/);
		await second.says(/^visit over: all done/);
		expect(home.observer.all("reading")).toEqual(["1", "2"]);
	});

	test("keeps a reading that found no broker for the next visit", async () => {
		const flash = new Flash();
		const alone = await home.devices.app("sleeper", { port: 1, reading: 1 }, 1, { flash, speed: 50 });
		await alone.says(/^visit over: The time of the visit was over/);
		await alone.simulated.kill();
		const next = await home.devices.app("sleeper", { port: home.port }, 2, { flash });
		await next.says(/^visit over: all done/);
		expect(home.observer.all("reading")).toEqual(["1"]);
	});

	test("loses no reading and delivers none twice when power goes before any write to flash, or after it", async () => {
		for (let writes = 0; writes < 6; writes++) {
			const flash = new CuttingFlash(writes);
			const cut = await home.devices.app("sleeper", { port: home.port, reading: writes }, 1, { flash });
			flash.onCut = () => void cut.simulated.kill();
			await Promise.race([cut.simulated.ended, cut.says(/^visit over/)]);
			await cut.simulated.kill();
			const next = await home.devices.app("sleeper", { port: home.port }, 2, { flash: flash.survivor() });
			await next.says(/^visit over: all done/);
			await next.simulated.kill();
			const delivered = home.observer.all("reading").filter((text) => text === String(writes));
			// Cut before the first write, the reading was never accepted.
			expect(delivered.length).toBeGreaterThanOrEqual(writes === 0 ? 0 : 1);
			expect(delivered.length).toBeLessThanOrEqual(1);
		}
	});
});

/** Flash of a device whose power goes when it has written so often: what comes later is lost. */
class CuttingFlash extends Flash {
	onCut: () => void = () => undefined;
	readonly #kept = new Flash();
	#left: number;

	constructor(writes: number) {
		super();
		this.#left = writes;
	}

	override write(path: string, key: string, value: Uint8Array): void {
		super.write(path, key, value);
		this.#change(() => this.#kept.write(path, key, value));
	}

	override delete(path: string, key: string): void {
		super.delete(path, key);
		this.#change(() => this.#kept.delete(path, key));
	}

	survivor(): Flash {
		return this.#kept;
	}

	#change(keep: () => void): void {
		if (this.#left-- > 0) keep();
		else this.onCut();
	}
}
