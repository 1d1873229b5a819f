import type { Log } from "../../src/ports/index.ts";
import { NODE_CLOCK } from "./auth/index.ts";
import {
	ConfigError,
	checkFiles,
	type HubSettings,
	isSame,
	keysForRestart,
	type LoadedSettings,
} from "./config/index.ts";
import { oneLine } from "./event-log.ts";
import { watchFiles } from "./file-watch.ts";

export interface LiveConfigurationOptions {
	/** What the program started with. */
	readonly started: LoadedSettings;
	/** Reads the configuration again. Throws `ConfigError`. */
	readonly read: () => LoadedSettings;
	/** Puts new settings in force as far as they can be. Throws `ConfigError`; then nothing has changed. */
	readonly apply: (settings: HubSettings) => void;
	readonly log: Log;
}

/**
 * The configuration of a program that runs: read again as a whole, and taken over or refused as a whole. What is in
 * force stays until then.
 */
export class LiveConfiguration {
	readonly #options: LiveConfigurationOptions;
	#settings: HubSettings;
	#files: readonly string[];
	#stopWatching: (() => void) | undefined;

	constructor(options: LiveConfigurationOptions) {
		this.#options = options;
		this.#settings = options.started.settings;
		this.#files = options.started.files;
	}

	/** Reads the files now. What is wrong is logged. */
	reread(): void {
		try {
			this.#take(this.#options.read());
		} catch (error) {
			this.#refuse(error);
		}
	}

	#refuse(error: unknown): void {
		const { log } = this.#options;
		if (!(error instanceof ConfigError)) {
			// A defect of ours; but the hub that runs is worth more than the change.
			const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
			log.write("error", `reading the configuration again failed: ${oneLine(trace)}`);
			return;
		}
		this.#watchOnly([...new Set([...this.#files, ...error.files])]);
		for (const problem of error.problems) log.write("error", `${problem}; the settings before stay in force`);
	}

	/** Reads the files again whenever one of them changes, until `close`. */
	watch(): void {
		this.#stopWatching?.();
		this.#stopWatching = watchFiles(this.#files, NODE_CLOCK, () => this.reread());
	}

	close(): void {
		this.#stopWatching?.();
		this.#stopWatching = undefined;
	}

	#take({ settings, notices, files, named }: LoadedSettings): void {
		const { log, apply, started } = this.#options;
		if (isSame(settings, this.#settings)) return this.#watchOnly(files);
		// Until they are in force: it may take no more than to mend one of the files that they name.
		this.#watchOnly([...files, ...named]);
		const { errors } = checkFiles(settings);
		if (errors.length > 0) throw new ConfigError(errors);
		apply(settings);
		this.#settings = settings;
		this.#watchOnly(files);
		for (const notice of notices) log.write("warn", notice);
		log.write("info", "read the configuration again");
		const keys = keysForRestart(started.settings, settings);
		if (keys.length > 0) log.write("warn", `changed, but not in force until the hub starts again: ${keys.join(", ")}`);
	}

	/** Other files may be included than before. */
	#watchOnly(files: readonly string[]): void {
		if (isSame(files, this.#files)) return;
		this.#files = files;
		if (this.#stopWatching !== undefined) this.watch();
	}
}
