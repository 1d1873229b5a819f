import type { Millis } from "../../src/ports/index.ts";
import { answerCall, type Hardware } from "./calls.ts";
import { Digests } from "./digests.ts";
import { EventQueue } from "./event-queue.ts";
import type { Flash } from "./flash.ts";
import { Network, type TimeServer } from "./network.ts";
import { CALL, EVENT, message, Reader } from "./stand-ins/wire.ts";
import { Timers } from "./timers.ts";
import type { UpdatePartition } from "./update-partition.ts";
import type { WallClock } from "./wall-clock.ts";
import { WiFi } from "./wifi.ts";
import { type XsReply, XsWorker } from "./xs-worker.ts";

/** Bytecodes that one turn may run. A turn this long would make the ESP32's watchdog bite. */
const WATCHDOG = 20_000_000;

export interface MachineOptions {
	readonly name: string;
	/** The script with the firmware and the stand-ins. */
	readonly bundle: string;
	/** What the firmware imports as `mc/config`. */
	readonly config: Readonly<Record<string, unknown>>;
	readonly mac: string;
	/** Of 32 bits, for the firmware's `Math.random`. */
	readonly seed: number;
	readonly flash: Flash;
	readonly partition: UpdatePartition;
	readonly wallClock: WallClock;
	readonly timeServer: TimeServer;
	readonly latency: Millis;
	/** Seconds that pass on the machine in one second of ours. */
	readonly speed: number;
	readonly owner: MachineOwner;
}

/** Who runs the machine, and is told what it does. */
export interface MachineOwner {
	/** What the firmware writes with `trace`, of any cut. */
	traced(text: string): void;
	identified(seconds: number): void;
	/** The firmware asks for a restart, and waits for its end. */
	restartWanted(): void;
	/** The firmware is ready to lose power. */
	stopped(): void;
	/** The machine is in no state to go on, for this reason. */
	aborted(reason: string): void;
}

/** From power on to power off: one XS engine, and what the board around it does. */
export class Machine {
	readonly network: Network;
	readonly #options: MachineOptions;
	readonly #worker: XsWorker;
	readonly #events = new EventQueue((event) => this.#turn(this.#worker.command(event)));
	readonly #timers: Timers;
	readonly #hardware: Hardware;
	#isOff = false;

	/** Throws `XsEngineMissing`. */
	constructor(options: MachineOptions) {
		this.#options = options;
		const wifi = new WiFi(this.#events);
		this.network = new Network(this.#events, { ...options, wifi });
		this.#timers = new Timers(this.#events, options.speed);
		const { network } = this;
		this.#hardware = {
			...options,
			network,
			wifi,
			digests: new Digests(),
			timers: this.#timers,
			abort: (reason) => this.#abort(reason),
		};
		this.#worker = new XsWorker({
			name: options.name,
			computeLimit: WATCHDOG,
			detached: true,
			onCommand: (bytes) => this.#answer(new Reader(bytes)),
			onOutput: (text) => options.owner.traced(text),
		});
	}

	start(): void {
		void this.#turn(this.#worker.evaluate(this.#options.bundle));
		this.#events.post(() => message(EVENT.BOOT));
	}

	/** Tells the firmware that power is going; `MachineOwner.stopped` follows. */
	shutdown(): void {
		this.#events.post(() => message(EVENT.SHUTDOWN));
	}

	/** Takes the power away, at once. Resolves when the engine's process is gone. */
	async off(): Promise<void> {
		this.#isOff = true;
		this.#events.close();
		this.#timers.close();
		this.network.close();
		this.#worker.kill("power off");
		await this.#worker.exited;
	}

	/** Slots of the engine's heap in use, after a garbage collection. */
	async heapCount(): Promise<number> {
		const { currentHeapCount } = await this.#worker.command(message(EVENT.COLLECT));
		return currentHeapCount;
	}

	/** An exception that leaves a turn ends a device's machine; so it does here. */
	async #turn(turn: Promise<XsReply>): Promise<void> {
		try {
			await turn;
		} catch (error) {
			this.#abort((error as Error).message);
		}
	}

	#abort(reason: string): void {
		if (this.#isOff) return;
		this.#isOff = true;
		this.#options.owner.aborted(reason);
	}

	/** A restart does not return to the firmware. */
	#answer(call: Reader): Uint8Array | Promise<Uint8Array> {
		if (call.kind !== CALL.RESTART) return answerCall(call, this.#hardware);
		this.#options.owner.restartWanted();
		return new Promise(() => undefined);
	}
}
