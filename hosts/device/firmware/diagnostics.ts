import type { Client } from "../../../src/client/index.ts";
import type { Log, Seconds } from "../../../src/ports/index.ts";

/** A report that finds no connection for so long is of no interest any more. */
const EXPIRY: Seconds = 3_600;

export type Fields = Readonly<Record<string, string | number | boolean>>;

/** Tells what went wrong, with the reason: on the trace, and on the diagnostics topic, after an outage if need be. */
export class Diagnostics {
	readonly #client: Client;
	readonly #topic: string;
	readonly #log: Log;

	constructor(client: Client, topic: string, log: Log) {
		this.#client = client;
		this.#topic = topic;
		this.#log = log;
	}

	report(event: string, fields: Fields): void {
		this.#log.write("warn", event, fields);
		this.#client.publish(this.#topic, JSON.stringify({ event, ...fields }), { qos: 1, expiry: EXPIRY }, (error) => {
			// On the trace alone: a report about a report would not get through either.
			if (error) this.#log.write("warn", "report not delivered", { event, error: error.message });
		});
	}
}
