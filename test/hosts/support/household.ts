import { afterEach, beforeEach } from "@jest/globals";
import { Observer } from "./observer.ts";
import { type RunningHub, startHub } from "./running-hub.ts";
import { Devices } from "./simulated.ts";

/** A hub and an observer for each test of the `describe` that makes it, and the devices that the test adds. */
export class Household {
	readonly devices = new Devices();
	#running: RunningHub | undefined;
	#observer: Observer | undefined;

	constructor() {
		beforeEach(() => this.#start());
		afterEach(() => this.#end());
	}

	get port(): number {
		return there(this.#running).port;
	}

	get httpPort(): number {
		return there(this.#running).httpPort;
	}

	get observer(): Observer {
		return there(this.#observer);
	}

	async #start(): Promise<void> {
		this.#running = await startHub();
		this.#observer = await Observer.start(this.#running.port);
	}

	async #end(): Promise<void> {
		await this.devices.end();
		await this.#observer?.end();
		await this.#running?.hub.close();
	}
}

function there<T>(part: T | undefined): T {
	if (part === undefined) throw new Error("a household is there only while a test runs");
	return part;
}
