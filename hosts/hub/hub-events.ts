import { captureRejectionSymbol, EventEmitter } from "node:events";
import type { BrokerEvent, PublishedMessage } from "../../src/broker/index.ts";
import type { Millis } from "../../src/ports/index.ts";
import { Throttle } from "./throttle.ts";

/** Each event of the broker under its kind, such as `connected` and `disconnected`, and the messages that it took. */
export type HubEvents = { [K in BrokerEvent["kind"]]: [event: Extract<BrokerEvent, { readonly kind: K }>] } & {
	/**
	 * A message of a client, or its will, after it was taken: it may be published, and at QoS 1 and 2 it is as durable as its
	 * acknowledgement says. Those of one client and QoS come in order. What the hub publishes itself does not come: a
	 * listener that publishes would hear itself, without end.
	 */
	published: [message: PublishedMessage];
};

export interface HubEmitterPorts {
	/** Called when `published` gets a listener (true), and when it has lost its last (false). */
	readonly publishedWanted: (flag: boolean) => void;
	/** Takes what a listener threw, or what its promise rejected with. */
	readonly fault: (what: string, error: unknown) => void;
}

/** Milliseconds between two reports of listeners of `published` that fail: there can be a message each microsecond. */
const FAULT_REPORTS: Millis = 10_000;

/** Where Node tells of listeners themselves, which the types of the events do not know. */
const META: readonly string[] = ["newListener", "removeListener"];

/** Emits the hub's events, whatever their listeners do, and knows whether `published` has any. */
export class HubEmitter extends EventEmitter<HubEvents> {
	readonly #ports: HubEmitterPorts;
	readonly #publishedFaults = new Throttle(FAULT_REPORTS);

	constructor(ports: HubEmitterPorts) {
		super({ captureRejections: true });
		this.#ports = ports;
		this.#watch();
	}

	/** Calls the listeners; never throws. */
	tell(event: BrokerEvent): void {
		try {
			// The event's kind selects the type of its listeners, which TypeScript cannot follow through a union.
			(this as EventEmitter<Record<string, [BrokerEvent]>>).emit(event.kind, event);
		} catch (error) {
			this.#failed(event.kind, error);
		}
	}

	/** The same for a message. */
	tellPublished(message: PublishedMessage): void {
		try {
			this.emit("published", message);
		} catch (error) {
			this.#failed("published", error);
		}
	}

	override removeAllListeners(event?: keyof HubEvents): this {
		super.removeAllListeners(...(event === undefined ? [] : [event]));
		if (event === undefined || META.includes(event)) this.#watch(); // our own may be gone as well
		return this;
	}

	/** Where Node brings what a listener's promise rejects with, instead of ending the process. */
	override [captureRejectionSymbol](error: unknown, ...[event]: readonly unknown[]): void {
		this.#failed(String(event), error);
	}

	#failed(event: string, error: unknown): void {
		const what = `a listener of "${event}" failed`;
		if (event !== "published") return this.#ports.fault(what, error);
		const unreported = this.#publishedFaults.pass();
		if (unreported !== undefined)
			this.#ports.fault(unreported === 0 ? what : `${what}, like ${unreported} before`, error);
	}

	#watch(): void {
		const meta = this as EventEmitter<Record<string, [string]>>;
		meta.off("newListener", this.#added).on("newListener", this.#added);
		meta.off("removeListener", this.#removed).on("removeListener", this.#removed);
	}

	readonly #added = (event: string): void => {
		if (event === "published") this.#ports.publishedWanted(true);
	};

	readonly #removed = (event: string): void => {
		if (event === "published") this.#ports.publishedWanted(this.listenerCount("published") > 0);
	};
}
