import type { Duplex } from "node:stream";
import type { Connection, TransportEvents, TransportFailure } from "../../../src/ports/index.ts";

/** Milliseconds that the broker has to take what is left, and to close its side, once the client closes. */
const FLUSH_TIMEOUT = 2_000;
const NAME_ERRORS = ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"];

/** How a stream comes to be open, in the order in which it emits these events. The last makes it open. */
export type OpeningSteps = readonly { readonly event: string; readonly phase: TransportFailure["phase"] }[];

const OVERDUE: Readonly<Partial<Record<TransportFailure["phase"], string>>> = {
	tcp: "it does not answer: check address, port and firewall",
	tls: "the TLS handshake has not ended: check that the port is one for TLS, and whether the server is overloaded",
};

/** A client's connection over a stream of Node's. */
export class StreamConnection implements Connection {
	readonly #stream: Duplex;
	readonly #events: TransportEvents;
	#phase: TransportFailure["phase"];
	#failure: TransportFailure | undefined;
	#isClosing = false;

	constructor(stream: Duplex, steps: OpeningSteps, events: TransportEvents) {
		this.#stream = stream;
		this.#events = events;
		this.#phase = steps[0]?.phase ?? "tcp";
		for (const [index, { event }] of steps.entries()) stream.once(event, () => this.#passed(steps, index));
		stream.on("error", (error: NodeJS.ErrnoException) => this.#failed(error));
		stream.on("data", (bytes: Buffer) => this.#tell(() => events.received(bytes)));
		stream.on("drain", () => this.#tell(() => events.writable()));
		stream.on("close", () => this.#tell(() => events.closed(this.#failure)));
	}

	write(bytes: Uint8Array): boolean {
		return this.#stream.destroyed || this.#stream.write(bytes);
	}

	reading(flag: boolean): void {
		if (flag) this.#stream.resume();
		else this.#stream.pause();
	}

	close(): void {
		if (this.#isClosing) return;
		this.#isClosing = true;
		this.#stream.end();
		this.#stream.resume(); // into nothing: unread bytes would make the kernel reset what was just sent
		const cutOff = setTimeout(() => this.#stream.destroy(), FLUSH_TIMEOUT);
		this.#stream.once("close", () => clearTimeout(cutOff));
	}

	overdue(): TransportFailure | undefined {
		const message = OVERDUE[this.#phase];
		return message === undefined ? undefined : { phase: this.#phase, message };
	}

	#passed(steps: OpeningSteps, index: number): void {
		const next = steps[index + 1];
		if (next !== undefined) {
			this.#phase = next.phase;
			return;
		}
		this.#phase = "tcp"; // What happens to an open connection happens to its transport.
		this.#tell(() => this.#events.opened());
	}

	#failed(error: NodeJS.ErrnoException): void {
		const phase = NAME_ERRORS.includes(error.code ?? "") ? "dns" : this.#phase;
		this.#failure ??= { phase, message: error.message };
	}

	#tell(event: () => void): void {
		if (!this.#isClosing) event();
	}
}
