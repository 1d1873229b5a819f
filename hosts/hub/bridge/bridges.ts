import type { Millis } from "../../../src/ports/index.ts";
import { type BridgeSettings, isSame } from "../config/index.ts";
import { Bridge, type BridgeSite } from "./bridge.ts";
import { endOrphans } from "./local-session.ts";

/** How long an end waits for brokers elsewhere to take what bridges have for them: the hub's own clients wait as well. */
const END_TIMEOUT: Millis = 1_500;

interface Running {
	readonly settings: BridgeSettings;
	readonly bridge: Bridge;
}

/** What all bridges of a hub are part of. */
export type BridgesSite = Omit<BridgeSite, "hubId">;

/** The bridges of a hub, as they come and go with its configuration. */
export class Bridges {
	readonly #site: BridgesSite;
	readonly #running = new Map<string, Running>();
	/** The changes so far, one after the other. */
	#changes: Promise<void> = Promise.resolve();
	#isOver = false;

	constructor(site: BridgesSite) {
		this.#site = site;
	}

	/** Starts the first ones. Resolves once they keep what is published here. */
	async start(wanted: readonly BridgeSettings[], hubId: string): Promise<void> {
		this.#startMissing(wanted, hubId);
		await Promise.all([...this.#running.values()].map(({ bridge }) => bridge.ready));
	}

	/**
	 * Ends those that are not wanted any more or are to be otherwise, and starts those that are new. The session here of one
	 * that only changes goes on, and with it what waits in it. `hubId` may be undefined where none is wanted.
	 */
	change(wanted: readonly BridgeSettings[], hubId: string | undefined): void {
		const change = async () => {
			await this.#endOthers(wanted);
			if (!this.#isOver && hubId !== undefined) this.#startMissing(wanted, hubId);
		};
		this.#changes = this.#changes.then(change).catch((error: unknown) => {
			this.#site.log.write("error", `the bridges cannot be changed: ${String(error)}`);
		});
	}

	/** Says goodbye at all of them. What was not acknowledged stays in the sessions. */
	async end(): Promise<void> {
		this.#isOver = true;
		await Promise.all([this.#changes, ...[...this.#running.values()].map(endOf)]);
	}

	async #endOthers(wanted: readonly BridgeSettings[]): Promise<void> {
		const others = [...this.#running].filter(([, { settings }]) => !wanted.some((each) => isSame(each, settings)));
		await Promise.all(others.map(([, running]) => endOf(running)));
		for (const [name] of others) {
			this.#running.delete(name);
			this.#site.log.write("info", "a bridge was ended", { bridge: name });
		}
		this.#endOrphans(wanted);
	}

	#startMissing(wanted: readonly BridgeSettings[], hubId: string): void {
		this.#endOrphans(wanted);
		for (const settings of wanted) {
			if (this.#running.has(settings.name)) continue;
			this.#running.set(settings.name, { settings, bridge: new Bridge(settings, { ...this.#site, hubId }) });
		}
	}

	#endOrphans(wanted: readonly BridgeSettings[]): void {
		const { hub, log } = this.#site;
		const names = wanted.map(({ name }) => name);
		for (const session of endOrphans(hub, names)) {
			log.write("info", "the session of a bridge that is configured no more was ended", { session });
		}
	}
}

/** Resolves when it has ended, or takes too long over it. */
function endOf({ bridge }: Running): Promise<unknown> {
	return Promise.race([bridge.end(), later(END_TIMEOUT)]);
}

function later(span: Millis): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, span).unref();
	});
}
