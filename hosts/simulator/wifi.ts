import type { EventQueue } from "./event-queue.ts";
import { EVENT, message } from "./stand-ins/wire.ts";

/** ECMA-419's values of `connection`. */
const DISCONNECTED = 200;
const HAS_ADDRESS = 500;

/** The machine's Wi-Fi. It is joined when the firmware starts, and once lost, joins again only when it is told to. */
export class WiFi {
	readonly #events: EventQueue;
	#connection = HAS_ADDRESS;
	#isAccessPointThere = true;

	constructor(events: EventQueue) {
		this.#events = events;
	}

	get connection(): number {
		return this.#connection;
	}

	get isUp(): boolean {
		return this.#connection === HAS_ADDRESS;
	}

	/** The firmware wants to join; the answer comes as an event. */
	join(): void {
		this.#change(this.#isAccessPointThere ? HAS_ADDRESS : DISCONNECTED);
	}

	/** The access point goes. */
	lose(): void {
		this.#isAccessPointThere = false;
		this.#change(DISCONNECTED);
	}

	/** The access point is back. */
	restore(): void {
		this.#isAccessPointThere = true;
	}

	#change(connection: number): void {
		this.#connection = connection;
		this.#events.post(() => message(EVENT.WIFI_CHANGED));
	}
}
