import type { Client } from "../../../src/client/index.ts";
import { CommandError, type UpdateState } from "../../../src/homeassistant/index.ts";
import type { Clock, Store } from "../../../src/ports/index.ts";
import { BUILT, Trial, Updater, type VerifyStatement } from "../index.ts";
import type { UpdateSupport } from "../platform.ts";
import { VERSION } from "./version.ts";

export interface FirmwareUpdateOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly store: Store;
	readonly support: UpdateSupport;
	/** Where offers come. */
	readonly topic: string;
	readonly verify: VerifyStatement | undefined;
	onState(state: UpdateState): void;
	onFault(reason: string): void;
	/** The new firmware is in place. */
	onInstalled(version: string): void;
	restart(): void;
}

/** The firmware's updates, from the offer until the new one has proved itself. */
export class FirmwareUpdate {
	readonly #updater: Updater;
	readonly #trial: Trial;

	constructor(options: FirmwareUpdateOptions) {
		const { support, onInstalled } = options;
		this.#trial = new Trial({ ...options, version: VERSION, confirm: () => support.confirm() });
		this.#updater = new Updater({
			...options,
			installedVersion: VERSION,
			installedBuilt: BUILT,
			onInstalled: (version) => {
				this.#trial.begin(version);
				onInstalled(version);
			},
		});
	}

	start(): void {
		this.#trial.start();
		this.#updater.start();
	}

	/** Throws CommandError when there is nothing to install. */
	install(): void {
		const refusal = this.#updater.install();
		if (refusal !== undefined) throw new CommandError(refusal);
	}

	/** The broker has been found. */
	online(): void {
		this.#trial.passed();
	}
}
