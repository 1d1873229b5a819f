import type { Millis } from "../../src/ports/index.ts";
import { FaultInjector, type Faults } from "./faults.ts";
import { Flash } from "./flash.ts";
import { Machine } from "./machine.ts";
import type { TimeServer } from "./network.ts";
import { seededRandom } from "./stand-ins/seeded-random.ts";
import { UpdatePartition } from "./update-partition.ts";
import { WallClock } from "./wall-clock.ts";

export interface SimulatedDeviceOptions {
	/** Tells devices apart, in the engine's process name and the MAC address. 0 to 0xffff. Default 0. */
	readonly index?: number;
	/** The script with the firmware and the stand-ins. */
	readonly bundle: string;
	/** The manifest's `config`. */
	readonly config: Readonly<Record<string, unknown>>;
	readonly faults?: Faults;
	/** Outlives restarts. Default: a new one. */
	readonly flash?: Flash;
	/** Of all that is random on and around the device. Default: a different one each time. */
	readonly seed?: number;
	/** The device's clock goes this many times as fast as ours. Default 1. */
	readonly speed?: number;
	/** Of its network. Default: it has this computer's time. */
	readonly timeServer?: TimeServer;
	/** A line that the firmware traced. */
	readonly onTrace?: (line: string) => void;
	/** Something happened around the firmware: a fault, a restart, a blinking LED. */
	readonly onEvent?: (text: string) => void;
}

/** How a device ended. `reason`: the machine aborted. */
export interface DeviceEnd {
	readonly reason?: string;
}

/** After this time without an answer, power goes anyway. */
const SHUTDOWN_TIMEOUT: Millis = 8_000;

/** A device with the firmware: it can be restarted, lose connections, and lose power. */
export class SimulatedDevice {
	/** Resolves, never rejects, when the device is off for good. */
	readonly ended: Promise<DeviceEnd>;
	readonly #options: SimulatedDeviceOptions;
	readonly #flash: Flash;
	readonly #wallClock: WallClock;
	readonly #partition = new UpdatePartition();
	readonly #faults = new FaultInjector();
	readonly #seed: number;
	#resolveEnded: (end: DeviceEnd) => void = () => undefined;
	#machine: Machine;
	#boots = 0;
	#isStopping = false;
	#line = "";

	/** Throws `XsEngineMissing`. */
	constructor(options: SimulatedDeviceOptions) {
		this.#options = options;
		this.#flash = options.flash ?? new Flash();
		this.#wallClock = new WallClock(options.speed ?? 1);
		this.#seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
		this.ended = new Promise((resolve) => {
			this.#resolveEnded = resolve;
		});
		this.#machine = this.#newMachine();
	}

	start(): void {
		this.#machine.start();
		this.#faults.start(this.#options.faults ?? {}, seededRandom(~this.#seed), this);
	}

	/** The way a person would like it: the firmware says goodbye. Resolves as `ended` does. */
	async stop(): Promise<DeviceEnd> {
		this.#isStopping = true;
		this.#machine.shutdown();
		const timer = setTimeout(() => void this.#end({ reason: "the firmware did not stop in time" }), SHUTDOWN_TIMEOUT);
		const end = await this.ended;
		clearTimeout(timer);
		return end;
	}

	/** Power is cut. */
	async kill(): Promise<void> {
		await this.#end({});
	}

	/** A fault: every open connection is reset. */
	drop(): void {
		this.#tell("fault: connections dropped");
		this.#machine.network.reset();
	}

	/** A fault: every open connection goes silent. */
	stall(duration: Millis): void {
		this.#tell(`fault: connections stalled for ${duration / 1_000} s`);
		this.#machine.network.stall(duration);
	}

	/** A fault: the access point is gone, until `restoreWiFi`. */
	loseWiFi(): void {
		this.#tell("fault: the access point is gone");
		this.#machine.network.loseWiFi();
	}

	restoreWiFi(): void {
		this.#tell("the access point is back");
		this.#machine.network.restoreWiFi();
	}

	/** Slots of the XS heap in use, after a garbage collection. */
	heapCount(): Promise<number> {
		return this.#machine.heapCount();
	}

	#newMachine(): Machine {
		const { index = 0, bundle, config, faults = {}, speed = 1 } = this.#options;
		const update = this.#partition.boot();
		return new Machine({
			name: `device-${index}`,
			bundle: update === undefined ? bundle : Buffer.from(update).toString(),
			config,
			mac: macAddress(index),
			seed: (this.#seed + this.#boots++) >>> 0,
			flash: this.#flash,
			partition: this.#partition,
			wallClock: this.#wallClock,
			timeServer: this.#options.timeServer ?? Date.now,
			latency: faults.latency ?? 0,
			speed,
			owner: {
				traced: (text) => this.#traced(text),
				identified: (seconds) => this.#tell(`the LED blinks for ${seconds} s`),
				restartWanted: () => void this.#restart(),
				stopped: () => void this.#end({}),
				aborted: (reason) => this.#aborted(reason),
			},
		});
	}

	/** A chip restarts then; here it ends, so that the fault is seen, but for an update that the bootloader takes back. */
	#aborted(reason: string): void {
		if (!this.#partition.isOnTrial) return void this.#end({ reason: `the machine aborted: ${reason}` });
		this.#tell(`the machine aborted: ${reason}`);
		void this.#restart();
	}

	async #restart(): Promise<void> {
		this.#tell("the machine restarts");
		await this.#machine.off();
		if (this.#isStopping) {
			await this.#end({});
			return;
		}
		this.#machine = this.#newMachine();
		this.#machine.start();
	}

	async #end(end: DeviceEnd): Promise<void> {
		this.#isStopping = true;
		this.#faults.stop();
		await this.#machine.off();
		if (this.#line !== "") this.#traced("\n");
		this.#resolveEnded(end);
	}

	#traced(text: string): void {
		const lines = (this.#line + text).split("\n");
		this.#line = lines.pop() ?? "";
		for (const line of lines) this.#options.onTrace?.(line);
	}

	#tell(text: string): void {
		this.#options.onEvent?.(text);
	}
}

/** Locally administered. */
function macAddress(index: number): string {
	const low = [index >> 8, index & 0xff].map((byte) => byte.toString(16).padStart(2, "0"));
	return ["02", "00", "00", "00", ...low].join(":").toUpperCase();
}
