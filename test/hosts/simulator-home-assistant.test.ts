import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { componentsOf, discoveryFaults } from "../support/homeassistant-check.ts";
import { Observer } from "./support/observer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";
import { Devices } from "./support/simulated.ts";

const DISCOVERY = "homeassistant/device/dut/config";

describe("the firmware in Home Assistant", () => {
	const devices = new Devices();
	let running: RunningHub;
	let homeAssistant: Observer;

	beforeEach(async () => {
		running = await startHub();
		homeAssistant = await Observer.start(running.port);
		await homeAssistant.client.subscribeAsync("homeassistant/#", { qos: 1 });
	});
	afterEach(async () => {
		await devices.end();
		await homeAssistant.end();
		await running.hub.close();
	});

	/** What Home Assistant sends when a person uses a component of the device. */
	async function use(component: string, payload: string): Promise<void> {
		const config = await homeAssistant.hearsAt(DISCOVERY, /./);
		const { command_topic: topic } = componentsOf(config.text)[component] ?? {};
		await homeAssistant.client.publishAsync(String(topic), payload, { qos: 1 });
	}

	test("shows up with its readings, its controls and its version", async () => {
		devices.firmware(running.port);
		const config = await homeAssistant.hearsAt(DISCOVERY, /./);
		expect(discoveryFaults(config.text)).toEqual([]);
		const components = Object.entries(componentsOf(config.text));
		expect(components.map(([id, { platform }]) => `${String(platform)} ${id}`)).toEqual([
			"sensor temperature",
			"sensor humidity",
			"sensor signal",
			"number interval",
			"button identify",
			"button restart",
			"update firmware",
		]);
		await homeAssistant.hears("availability", /^online$/);
		const state: unknown = JSON.parse((await homeAssistant.hears("state", /./)).text);
		expect(state).toMatchObject({ temperature: expect.any(Number), humidity: expect.any(Number), signal: -58 });
		expect(JSON.parse((await homeAssistant.hears("firmware", /./)).text)).toMatchObject({
			installed_version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
			in_progress: false,
		});
	});

	test("obeys what a person does there", async () => {
		const device = devices.firmware(running.port);
		await homeAssistant.hears("interval", /^1$/);
		await use("interval", "30");
		await homeAssistant.hears("interval", /^30$/);
		await use("identify", "PRESS");
		await device.says(/^simulator: the LED blinks for 5 s$/);
		await use("restart", "PRESS");
		await device.says(/^simulator: the machine restarts$/);
		await homeAssistant.hears("interval", /^30$/, 2);
	});

	test("announces itself again when Home Assistant was restarted", async () => {
		devices.firmware(running.port, {}, { speed: 20 });
		await homeAssistant.hears("state", /./);
		await homeAssistant.client.publishAsync("homeassistant/status", "online");
		await homeAssistant.hearsAt(DISCOVERY, /./, 2);
		await homeAssistant.hears("availability", /^online$/, 2);
		await homeAssistant.hears("interval", /^1$/, 2);
	});
});
