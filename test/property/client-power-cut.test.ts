import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Client } from "../../src/client/index.ts";
import type { QoS } from "../../src/codec/index.ts";
import type { Connection, Store } from "../../src/ports/index.ts";
import { LossyNetwork } from "../support/lossy-network.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { ModelBroker } from "../support/model-broker.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

type LastingQoS = Exclude<QoS, 0>;

/** After `wait` ms, a message each way, or a power cut at the flash operation with this number from there on. */
type Event = { readonly wait: number } & (
	| { readonly kind: "publish" | "receive"; readonly qos: LastingQoS }
	| { readonly kind: "power"; readonly operation: number; readonly isDone: boolean }
);

const HOUR = 3_600_000;

const wait = fc.oneof({ weight: 8, arbitrary: fc.nat(600) }, { weight: 1, arbitrary: fc.nat(100_000) });
const traffic = fc.record({
	wait,
	kind: fc.constantFrom<"publish" | "receive">("publish", "receive"),
	qos: fc.constantFrom<LastingQoS>(1, 2),
});
const power = fc.record({ wait, kind: fc.constant("power" as const), operation: fc.nat(9), isDone: fc.boolean() });
const events: fc.Arbitrary<Event[]> = fc.array(
	fc.oneof({ weight: 4, arbitrary: traffic }, { weight: 1, arbitrary: power }),
	{ minLength: 10, maxLength: 60, size: "max" },
);

/** What a machine without power writes to. */
const DEAD: Connection = { write: () => true, close: () => {} };

/** A device whose power fails in the middle of a turn: what it does after that, nobody sees. */
class World {
	readonly broker = new ModelBroker();
	/** Payloads that `publish` accepted, and returned. */
	readonly accepted: Record<LastingQoS, string[]> = { 1: [], 2: [] };
	readonly toReceive: Record<LastingQoS, string[]> = { 1: [], 2: [] };
	readonly received: string[] = [];
	readonly flash = new MemoryStore();
	cuts = 0;
	readonly #clock = new VirtualClock();
	readonly #random: SeededRandom;
	readonly #network: LossyNetwork;
	#client: Client | undefined;
	/** Told apart by their objects: a life ends with the power. */
	#life = {};
	#countdown: { left: number; readonly isDone: boolean } | undefined;
	#count = 0;

	constructor(seed: number) {
		this.#random = new SeededRandom(seed);
		this.#network = new LossyNetwork(this.#clock, this.#random, this.broker);
		this.#boot();
		this.#clock.advance(10_000); // the session exists
	}

	run(event: Event): void {
		this.#clock.advance(event.wait);
		const client = this.#client ?? this.#boot();
		const text = `${this.#count++}`;
		if (event.kind === "power") {
			this.#countdown ??= { left: event.operation, isDone: event.isDone };
		} else if (event.kind === "receive") {
			this.toReceive[event.qos].push(text);
			this.broker.publish(text, event.qos);
		} else {
			let isRefused = false;
			client.publish("to/broker", text, { qos: event.qos }, (error) => {
				isRefused = error !== undefined;
			});
			if (client === this.#client && !isRefused) this.accepted[event.qos].push(text);
		}
	}

	heal(): void {
		this.#countdown = undefined;
		this.#clock.advance(0);
		const client = this.#client ?? this.#boot();
		for (let hours = 0; hours < 24 && !(client.pending === 0 && this.broker.isIdle); hours++) this.#clock.advance(HOUR);
	}

	#boot(): Client {
		const life = {};
		this.#life = life;
		const isOn = () => life === this.#life;
		const client = new Client(
			{ clientId: "device", clean: false, persist: true, keepAlive: 60, limits: { packetsPerTurn: 3 } },
			{
				transport: {
					endpoint: this.#network.endpoint,
					open: (handlers) => {
						if (!isOn()) return DEAD;
						return this.#network.open({
							opened: () => isOn() && handlers.opened(),
							received: (bytes) => isOn() && handlers.received(bytes),
							writable: () => isOn() && handlers.writable(),
							closed: (failure) => isOn() && handlers.closed(failure),
						});
					},
				},
				clock: {
					now: () => this.#clock.now(),
					setTimer: (callback, delay) => this.#clock.setTimer(() => isOn() && callback(), delay),
					clearTimer: (handle) => this.#clock.clearTimer(handle),
				},
				random: this.#random,
				store: this.#powered(isOn),
			},
		);
		this.#client = client;
		client.subscribe("to/client", ({ payload }) => isOn() && this.received.push(String.fromCharCode(...payload)), {
			qos: 2,
		});
		client.start();
		return client;
	}

	#powered(isOn: () => boolean): Store {
		const operate = (operation: () => void): void => {
			if (!isOn()) return;
			const cut = this.#countdown;
			if (cut === undefined || cut.left-- > 0) return operation();
			if (cut.isDone) operation();
			this.#cut();
		};
		return {
			get: (key) => this.flash.get(key),
			keys: (prefix) => this.flash.keys(prefix),
			set: (key, value) => operate(() => this.flash.set(key, value)),
			delete: (key) => operate(() => this.flash.delete(key)),
		};
	}

	#cut(): void {
		this.cuts++;
		this.#countdown = undefined;
		this.#life = {};
		this.#client = undefined;
		this.#network.cut(true);
		this.#clock.setTimer(() => this.#client ?? this.#boot(), 1_000);
	}
}

const times = (all: readonly string[], text: string): number => all.filter((other) => other === text).length;

describe("a power cut at any operation of the flash", () => {
	test("loses nothing that was accepted, and repeats nothing of QoS 2", () => {
		let cuts = 0;
		fc.assert(
			fc.property(events, fc.nat(), (steps, seed) => {
				const world = new World(seed);
				for (const event of steps) world.run(event);
				world.heal();
				cuts += world.cuts;
				const { published } = world.broker;
				expect(world.accepted[1].filter((text) => times(published, text) === 0)).toEqual([]);
				expect(world.accepted[2].filter((text) => times(published, text) !== 1)).toEqual([]);
				expect(world.toReceive[1].filter((text) => times(world.received, text) === 0)).toEqual([]);
				// At most once: the power may fail between the note that it came and the handler.
				expect(world.toReceive[2].filter((text) => times(world.received, text) > 1)).toEqual([]);
				expect(world.flash.keys("motehub/out/")).toEqual([]);
			}),
			{ numRuns: 60 },
		);
		expect(cuts).toBeGreaterThan(100);
	});
});
