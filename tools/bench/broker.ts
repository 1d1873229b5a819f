import type { BrokerRequest } from "./broker-requests.ts";
import { Child } from "./child.ts";

/** A broker under test, in a process of its own. */
export class Broker {
	readonly port: number;
	readonly #child: Child<BrokerRequest, number>;

	private constructor(child: Child<BrokerRequest, number>, port: number) {
		this.#child = child;
		this.port = port;
	}

	/**
	 * `durable`: the hub with a store in a folder, which is its argument. `configured`: the hub as its configuration says,
	 * whose file is its argument.
	 */
	static async start(name: BrokerName | "durable" | "configured", ...args: readonly string[]): Promise<Broker> {
		const child = new Child<BrokerRequest, number>(`broker-${name}`, args);
		return new Broker(child, await child.ask("port"));
	}

	/** Where its pages are. */
	httpPort(): Promise<number> {
		return this.#child.ask("httpPort");
	}

	/** Resident memory in bytes, garbage collected before. */
	memory(): Promise<number> {
		return this.#child.ask("memory");
	}

	/** Seconds of CPU time since the start. */
	cpuTime(): Promise<number> {
		return this.#child.ask("cpuTime");
	}

	stop(): Promise<void> {
		return this.#child.stop();
	}
}

export const BROKERS = ["motehub", "aedes"] as const;
export type BrokerName = (typeof BROKERS)[number];
