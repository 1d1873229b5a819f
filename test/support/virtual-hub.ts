import {
	BrokerCore,
	type BrokerLimits,
	STORE_TABLES,
	type StoreKey,
	type StoreRecord,
	type StoreWrite,
} from "../../src/broker/index.ts";
import type { Connection, Millis, Transport, TransportEvents } from "../../src/ports/index.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The longest that bytes travel, and that a commit takes: about as long, so that power fails between any two steps. */
const LATENCY: Millis = 40;
const COMMIT_TIME: Millis = 40;

/** One client's stream to the hub. Bytes arrive in order, in pieces, after the network's latency. */
interface Link {
	readonly id: number;
	readonly events: TransportEvents;
	/** When the last thing sent so far arrives, by direction: nothing overtakes. */
	arrival: { up: Millis; down: Millis };
	isOpen: boolean;
}

/** The broker core on a network and a disk, both virtual: bytes take time, links drop, the power fails. */
export class VirtualHub {
	readonly #clock: VirtualClock;
	readonly #random: SeededRandom;
	readonly #limits: Partial<BrokerLimits>;
	readonly #links = new Map<number, Link>();
	readonly #disk = new Map<string, StoreRecord>();
	#core: BrokerCore;
	#lastLink = 0;
	#wakeUp: unknown;
	isPowered = true;
	/** When the disk is done with all that it was given so far: commits keep their order. */
	#diskIdle: Millis = 0;

	constructor(clock: VirtualClock, random: SeededRandom, limits: Partial<BrokerLimits> = {}) {
		this.#limits = limits;
		this.#clock = clock;
		this.#random = random;
		this.#core = this.#boot();
	}

	get stats(): BrokerCore["stats"] {
		return this.#core.stats;
	}

	get links(): number {
		return this.#links.size;
	}

	transport(): Transport {
		return { endpoint: "hub.test:1883", open: (events) => this.#open(events) };
	}

	/** Cuts one link: what is on its way is lost, and both ends hear of it. */
	drop(): void {
		const ids = [...this.#links.keys()];
		const link = this.#links.get(ids[Math.floor(this.#random.next() * ids.length)] ?? 0);
		if (link === undefined) return;
		this.#cut(link);
		this.#core.closed(link.id, this.#clock.now());
		this.#drain();
	}

	/** Cuts the hub's power: what is not on the disk is gone. */
	powerOff(): void {
		this.isPowered = false;
		for (const link of [...this.#links.values()]) this.#cut(link);
	}

	powerOn(): void {
		this.isPowered = true;
		this.#core = this.#boot();
		this.#drain();
	}

	#boot(): BrokerCore {
		const state = [...this.#disk.values()].sort(
			(a, b) => STORE_TABLES.indexOf(a.table) - STORE_TABLES.indexOf(b.table) || compareKeys(a.key, b.key),
		);
		return new BrokerCore({ random: this.#random, limits: this.#limits, state, now: this.#clock.now() });
	}

	#cut(link: Link): void {
		this.#links.delete(link.id);
		if (!link.isOpen) return;
		link.isOpen = false;
		this.#clock.setTimer(() => link.events.closed(undefined), 0);
	}

	#open(events: TransportEvents): Connection {
		const now = this.#clock.now();
		const link: Link = { id: ++this.#lastLink, events, arrival: { up: now, down: now }, isOpen: true };
		this.#send(link, "up", () => this.#accept(link));
		return {
			write: (bytes) => {
				for (const piece of this.#pieces(bytes)) {
					this.#send(link, "up", () => {
						if (this.#links.has(link.id)) this.#core.receive(link.id, piece, this.#clock.now());
					});
				}
				return true;
			},
			close: () => {
				link.isOpen = false;
				this.#send(link, "up", () => {
					if (this.#links.delete(link.id)) this.#core.closed(link.id, this.#clock.now());
				});
			},
		};
	}

	#accept(link: Link): void {
		if (!this.isPowered) {
			link.isOpen = false;
			link.events.closed({ phase: "tcp", message: "refused" });
			return;
		}
		this.#links.set(link.id, link);
		this.#core.open(link.id, { address: "virtual", listener: "virtual", transport: "tcp" }, this.#clock.now());
		if (link.isOpen) link.events.opened();
	}

	/** Up to four pieces of random length: a copy, because the sender may reuse its buffer. */
	#pieces(bytes: Uint8Array): Uint8Array[] {
		const pieces: Uint8Array[] = [];
		let rest = bytes.slice();
		while (rest.length > 1 && pieces.length < 3) {
			const cut = 1 + Math.floor(this.#random.next() * (rest.length - 1));
			pieces.push(rest.slice(0, cut));
			rest = rest.slice(cut);
		}
		return [...pieces, rest];
	}

	/** Does something at one end of the link after the latency, and after what was sent before. */
	#send(link: Link, direction: "up" | "down", arrive: () => void): void {
		const now = this.#clock.now();
		link.arrival[direction] = Math.max(link.arrival[direction], now + this.#random.next() * LATENCY);
		this.#clock.setTimer(() => {
			arrive();
			this.#drain();
		}, link.arrival[direction] - now);
	}

	#drain(): void {
		if (!this.isPowered) return;
		const core = this.#core;
		for (let action = core.poll(); action !== undefined; action = core.poll()) {
			if (action.kind === "authenticate") core.authenticated(action.connection, { allow: true }, this.#clock.now());
			else if (action.kind === "commit") this.#commit(action.batch, action.writes);
			else if (action.kind === "close") this.#hangUp(action.connection);
			else if (action.kind === "send") this.#sendDown(action.connection, action.chunks);
			else if (action.kind === "event" && action.event.kind === "fault") throw new Error(action.event.message);
		}
		this.#arm();
	}

	#arm(): void {
		this.#clock.clearTimer(this.#wakeUp);
		const next = this.#core.nextTimeout();
		if (next === undefined) return;
		const core = this.#core;
		this.#wakeUp = this.#clock.setTimer(
			() => {
				if (core !== this.#core || !this.isPowered) return;
				core.tick(this.#clock.now());
				this.#drain();
			},
			Math.max(0, next - this.#clock.now()),
		);
	}

	#commit(batch: number, writes: readonly StoreWrite[]): void {
		const now = this.#clock.now();
		this.#diskIdle = Math.max(this.#diskIdle, now) + this.#random.next() * COMMIT_TIME;
		const core = this.#core;
		this.#clock.setTimer(() => {
			if (core !== this.#core || !this.isPowered) return;
			for (const write of writes) {
				if (write.kind === "put")
					this.#disk.set(rowName(write), { table: write.table, key: write.key, value: write.value.slice() });
				else this.#disk.delete(rowName(write));
			}
			core.committed(batch, this.#clock.now());
			this.#drain();
		}, this.#diskIdle - now);
	}

	#sendDown(id: number, chunks: readonly Uint8Array[]): void {
		const link = this.#links.get(id);
		if (link === undefined) return;
		for (const chunk of chunks) {
			for (const piece of this.#pieces(chunk)) {
				this.#send(link, "down", () => {
					if (link.isOpen) link.events.received(piece);
				});
			}
		}
	}

	#hangUp(id: number): void {
		const link = this.#links.get(id);
		if (link === undefined) return;
		this.#links.delete(id);
		this.#send(link, "down", () => {
			if (!link.isOpen) return;
			link.isOpen = false;
			link.events.closed(undefined);
		});
	}
}

function rowName({ table, key }: { readonly table: string; readonly key: StoreKey }): string {
	return `${table}/${key.join("/")}`;
}

function compareKeys(a: StoreKey, b: StoreKey): number {
	return a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0);
}
