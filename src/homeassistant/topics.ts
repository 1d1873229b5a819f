/** Where Home Assistant looks for discovery messages, unless it is told otherwise. */
export const DISCOVERY_PREFIX = "homeassistant";

/** What an entity cannot be called: `<base>/<id>` would be another topic of the device. */
export const RESERVED_IDS: readonly string[] = ["availability", "command", "state"];

/** Every topic of one device. `base` is its own place, for instance `motehub/kitchen`. */
export class DeviceTopics {
	readonly #base: string;
	readonly #prefix: string;
	readonly #deviceId: string;

	constructor(base: string, prefix: string, deviceId: string) {
		this.#base = base;
		this.#prefix = prefix;
		this.#deviceId = deviceId;
	}

	/** The retained discovery message; empty removes the device. */
	get discovery(): string {
		return `${this.#prefix}/device/${this.#deviceId}/config`;
	}

	/** Home Assistant's own birth and will. */
	get status(): string {
		return `${this.#prefix}/status`;
	}

	/** `online` by the device's birth, `offline` by its will. */
	get availability(): string {
		return `${this.#base}/availability`;
	}

	/** The readings of all sensors that share one message, as a JSON object. */
	get shared(): string {
		return `${this.#base}/state`;
	}

	/** Matches the command topics of all entities. */
	get commands(): string {
		return this.command("+");
	}

	state(entityId: string): string {
		return `${this.#base}/${entityId}`;
	}

	command(entityId: string): string {
		return `${this.#base}/command/${entityId}`;
	}

	/** The entity of a command topic. */
	entityOf(commandTopic: string): string {
		return commandTopic.slice(this.command("").length);
	}
}
