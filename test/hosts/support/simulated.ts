import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readBundle, SimulatedDevice, type SimulatedDeviceOptions } from "../../../hosts/simulator/index.ts";
import { bundleSimulatedFirmware } from "../../../tools/device/simulated-firmware.ts";
import { Condition } from "./condition.ts";

/** A simulated device, and what it has said so far. */
export class Device {
	readonly simulated: SimulatedDevice;
	readonly lines: string[] = [];
	readonly #heard = new Condition();
	#isOver = false;

	constructor(options: SimulatedDeviceOptions) {
		const hear = (line: string): void => {
			this.lines.push(line);
			this.#heard.notify();
		};
		this.simulated = new SimulatedDevice({ ...options, onTrace: hear, onEvent: (text) => hear(`simulator: ${text}`) });
		void this.simulated.ended.then(() => {
			this.#isOver = true;
			this.#heard.notify();
		});
		this.simulated.start();
	}

	/** Resolves with the `count`th line that matches; rejects if the device ends before. */
	says(pattern: RegExp, count = 1): Promise<string> {
		return this.#heard.until(() => {
			const line = this.lines.filter((each) => pattern.test(each))[count - 1];
			if (line !== undefined || !this.#isOver) return line;
			throw new Error(`the device ended before it said ${pattern}:\n${this.lines.join("\n")}`);
		});
	}
}

/** Devices of one test file; `end` cuts the power of those that a test leaves on. */
export class Devices {
	readonly #devices: Device[] = [];

	/** The reference firmware, connecting to this port as `client_id` says (default "dut"), with a reading each second. */
	firmware(
		port: number,
		mqtt: Readonly<Record<string, unknown>> = {},
		more: Partial<SimulatedDeviceOptions> = {},
	): Device {
		const config = {
			mqtt: { broker: "127.0.0.1", port, client_id: "dut", ...mqtt },
			firmware: { interval: 1 },
			ssid: "simulated",
		};
		return this.add({ bundle: readBundle(), config, seed: 1, ...more });
	}

	/** Another application, from `test/hosts/apps`. */
	async app(
		name: string,
		config: Readonly<Record<string, unknown>> = {},
		seed = 1,
		more: Partial<SimulatedDeviceOptions> = {},
	): Promise<Device> {
		return this.add({ bundle: await bundleOf(name), config, seed, ...more });
	}

	add(options: SimulatedDeviceOptions): Device {
		const device = new Device(options);
		this.#devices.push(device);
		return device;
	}

	async end(): Promise<void> {
		await Promise.all(this.#devices.splice(0).map((device) => device.simulated.kill()));
	}
}

const bundles = new Map<string, Promise<string>>();

/** Made once, however many devices have it. */
function bundleOf(app: string): Promise<string> {
	const bundle = bundles.get(app) ?? bundleApp(app);
	bundles.set(app, bundle);
	return bundle;
}

async function bundleApp(name: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "motehub-app-"));
	const main = fileURLToPath(new URL(`../apps/${name}.ts`, import.meta.url));
	try {
		return readFileSync(await bundleSimulatedFirmware(join(folder, "app.js"), { main }), "utf8");
	} finally {
		await rm(folder, { recursive: true });
	}
}
