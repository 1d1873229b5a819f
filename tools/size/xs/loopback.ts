import type { Clock, Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";

const PUBLISH_QOS_1 = 0x32;
const SUBSCRIBE = 0x82;
const CONNACK = Uint8Array.of(0x20, 2, 0, 0);

/** A broker that takes everything: it answers when it is told to, as a socket would, and never in the middle of a write. */
export class Loopback implements Transport {
	readonly endpoint = "loopback:1883";
	readonly #puback = Uint8Array.of(0x40, 2, 0, 0);
	#events: TransportEvents | undefined;
	#written: Uint8Array = CONNACK;

	open(events: TransportEvents): Connection {
		this.#events = events;
		return {
			write: (bytes) => {
				this.#written = bytes;
				return true;
			},
			close: () => {},
		};
	}

	connected(): void {
		this.#events?.opened();
		this.deliver(CONNACK);
	}

	deliver(bytes: Uint8Array): void {
		this.#events?.received(bytes);
	}

	/** Acknowledges the SUBSCRIBE that was written last: one filter, at QoS 0. */
	suback(): void {
		if (this.#written[0] !== SUBSCRIBE) throw new Error("no SUBSCRIBE was written");
		this.deliver(Uint8Array.of(0x90, 3, this.#written[2] ?? 0, this.#written[3] ?? 0, 0));
	}

	/** Acknowledges the PUBLISH that was written last, at QoS 1 with a topic of `topicLength` bytes. */
	puback(topicLength: number): void {
		const frame = this.#written;
		if (frame[0] !== PUBLISH_QOS_1) throw new Error("no PUBLISH at QoS 1 was written");
		this.#puback[2] = frame[topicLength + 4] ?? 0;
		this.#puback[3] = frame[topicLength + 5] ?? 0;
		this.deliver(this.#puback);
	}
}

/** Time stands still: what is counted is the way of a message, not the waiting. */
export const STOPPED_CLOCK: Clock = {
	now: () => 0,
	setTimer: () => undefined,
	clearTimer: () => {},
};
