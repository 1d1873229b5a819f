import type { Clock, Log, Millis, TimerHandle } from "../../../src/ports/index.ts";
import type { WiFiConstructor, WiFiInterface } from "../platform.ts";

/** `connection` of ECMA-419 from which on the interface has an address. */
const HAS_ADDRESS = 500;
/** `connection` up to which the access point is gone, or has refused. */
const DISCONNECTED = 200;
/** Between two attempts to join; it doubles from the first to the last. */
const FIRST_RETRY: Millis = 1_000;
const LAST_RETRY: Millis = 60_000;

export interface WiFiLinkOptions {
	readonly io: WiFiConstructor;
	/** Undefined: somebody else joins, as the manifest's `setup/network` does. It is only watched. */
	readonly ssid?: string | undefined;
	/** Undefined: an open network. */
	readonly password?: string | undefined;
	readonly clock: Clock;
	readonly log: Log;
}

/** A connection to the network that comes and goes. */
export interface NetworkLink {
	readonly isUp: boolean;
	/** Is called after each change, for as long as the machine runs. */
	onChange(listener: (isUp: boolean) => void): void;
}

/** Keeps the Wi-Fi joined, or watches it: ECMA-419 leaves it to us to join again after a loss. */
export class WiFiLink implements NetworkLink {
	readonly #options: WiFiLinkOptions;
	readonly #wifi: WiFiInterface;
	readonly #listeners: ((isUp: boolean) => void)[] = [];
	#isUp: boolean;
	#retry: TimerHandle;
	#wait: Millis = FIRST_RETRY;

	constructor(options: WiFiLinkOptions) {
		this.#options = options;
		this.#wifi = new options.io({ onChanged: () => this.changed() });
		this.#isUp = this.#wifi.connection >= HAS_ADDRESS;
		if (!this.#isUp) this.join();
	}

	get isUp(): boolean {
		return this.#isUp;
	}

	onChange(listener: (isUp: boolean) => void): void {
		this.#listeners.push(listener);
	}

	private changed(): void {
		const { connection } = this.#wifi;
		const isUp = connection >= HAS_ADDRESS;
		if (connection <= DISCONNECTED) this.joinLater();
		if (isUp === this.#isUp) return;
		this.#isUp = isUp;
		if (isUp) this.settled();
		this.#options.log.write("info", isUp ? "Wi-Fi is up" : "Wi-Fi is lost");
		for (const listener of this.#listeners) this.tell(listener);
	}

	private settled(): void {
		this.#wait = FIRST_RETRY;
		this.#options.clock.clearTimer(this.#retry);
		this.#retry = undefined;
	}

	private joinLater(): void {
		if (this.#retry !== undefined || this.#options.ssid === undefined) return;
		this.#retry = this.#options.clock.setTimer(() => {
			this.#retry = undefined;
			this.join();
		}, this.#wait);
		this.#wait = Math.min(LAST_RETRY, this.#wait * 2);
	}

	private join(): void {
		const { ssid, password } = this.#options;
		if (ssid === undefined) return;
		try {
			this.#wifi.connect(password === undefined ? { SSID: ssid } : { SSID: ssid, password, secure: true });
		} catch (error) {
			// It is joining already, or the driver is out of memory for a moment.
			this.#options.log.write("debug", "Wi-Fi join refused", { error: String(error) });
			this.joinLater();
		}
	}

	/** An exception that left a callback of the platform would end the machine. */
	private tell(listener: (isUp: boolean) => void): void {
		try {
			listener(this.#isUp);
		} catch (error) {
			this.#options.log.write("error", "unexpected exception: Wi-Fi listener", { error: String(error) });
		}
	}
}
