import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Client, type PayloadSource } from "../../src/client/index.ts";
import { encodeUtf8, type QoS } from "../../src/codec/index.ts";
import { LossyNetwork } from "../support/lossy-network.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { ModelBroker } from "../support/model-broker.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** `long`: in memory, and more than is copied into its packet. `read`: while it is sent, from what keeps nothing. */
type Form = "short" | "long" | "read";

/** What happens next, after `wait` ms. */
type Step =
	| { readonly kind: "publish" | "receive"; readonly qos: QoS; readonly form: Form }
	| { readonly kind: "cut" | "vanish" | "outage" | "restart" | "loseSession" };

interface Event {
	readonly wait: number;
	readonly step: Step;
}

const HOUR = 3_600_000;
/** Bytes of a payload that is not short: a source is asked for it in three parts. */
const LONG = 1_100;

/** Short waits, in which packets are under way, and long ones, in which keepalives and backoffs pass. */
const wait = fc.oneof(
	{ weight: 8, arbitrary: fc.nat(600) },
	{ weight: 2, arbitrary: fc.nat(200_000) },
	{ weight: 1, arbitrary: fc.nat(6 * HOUR) },
);
const qos = fc.constantFrom<QoS>(0, 1, 2, 1, 2);
const form = fc.constantFrom<Form>("short", "short", "long", "read");
const traffic: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom("publish", "receive"), qos, form });

/** Faults come soon after what was sent last, while it is under way: later ones find nothing to spoil. */
function events(...faults: readonly Exclude<Step["kind"], "publish" | "receive">[]): fc.Arbitrary<Event[]> {
	const fault = fc.record({ wait: fc.nat(900), step: fc.record({ kind: fc.constantFrom(...faults) }) });
	const event = fc.oneof({ weight: 5, arbitrary: fc.record({ wait, step: traffic }) }, { weight: 2, arbitrary: fault });
	// fast-check keeps to a few entries unless it is told otherwise.
	return fc.array(event, { minLength: 20, maxLength: 60, size: "max" });
}

/** Gives every part in the same few bytes. */
function sourceOf(payload: Uint8Array): PayloadSource {
	const buffer = new Uint8Array(512);
	return {
		length: payload.length,
		read(offset, most) {
			const part = payload.subarray(offset, offset + most);
			buffer.set(part);
			return buffer.subarray(0, part.length);
		},
	};
}

/** A client, a broker and the network between them. */
class World {
	readonly clock = new VirtualClock();
	readonly random: SeededRandom;
	readonly broker = new ModelBroker();
	readonly network: LossyNetwork;
	readonly store = new MemoryStore();
	/** Whether the client keeps its messages in the store. */
	readonly persist: boolean;
	/** Payloads in the order in which they were accepted, by QoS. */
	readonly sent: Record<QoS, string[]> = { 0: [], 1: [], 2: [] };
	readonly toReceive: Record<QoS, string[]> = { 0: [], 1: [], 2: [] };
	readonly received: string[] = [];
	/** Callbacks that were called, and with which error. */
	readonly settled = new Map<string, string>();
	readonly #persistDelay: number;
	#client: Client;
	#generation = 0;
	#count = 0;

	constructor(seed: number, persist: boolean, persistDelay = 0) {
		this.persist = persist;
		this.#persistDelay = persistDelay;
		this.random = new SeededRandom(seed);
		this.network = new LossyNetwork(this.clock, this.random, this.broker);
		this.#client = this.#boot();
		this.clock.advance(10_000); // the session exists
	}

	get client(): Client {
		return this.#client;
	}

	run({ wait: duration, step }: Event): void {
		this.clock.advance(duration);
		switch (step.kind) {
			case "publish":
				return this.#publish(step.qos, step.form);
			case "receive":
				return this.#receive(step.qos);
			case "cut":
				return this.network.cut(false);
			case "vanish":
				return this.network.cut(true);
			case "outage":
				return this.#outage();
			case "restart":
				return this.#restart();
			case "loseSession":
				return this.broker.loseSession();
		}
	}

	/** Lets everything come to rest. */
	heal(): void {
		this.network.isUp = true;
		for (let hours = 0; hours < 24 && !(this.client.pending === 0 && this.broker.isIdle); hours++)
			this.clock.advance(HOUR);
	}

	#publish(level: QoS, asked: Form): void {
		const retained = this.persist && level > 0;
		const sort = asked === "read" && retained ? "long" : asked;
		const text = `${level}:${this.#count++}:`.padEnd(sort === "short" ? 0 : LONG, "0123456789");
		const payload = sort === "read" ? sourceOf(encodeUtf8(text)) : text;
		this.client.publish("to/broker", payload, { qos: level }, (error) => {
			if (this.settled.has(text)) throw new Error(`${text} was settled twice.`);
			this.settled.set(text, error?.code ?? "done");
		});
		const refused = this.settled.get(text);
		if (refused === undefined || refused === "done") this.sent[level].push(text);
		else if (retained && refused !== "full") throw new Error(`${text}: ${refused}`);
	}

	#receive(level: QoS): void {
		const text = `${level}:${this.#count++}`;
		this.toReceive[level].push(text);
		this.broker.publish(text, level);
	}

	#outage(): void {
		this.network.isUp = false;
		this.network.cut(false);
		this.clock.setTimer(() => {
			this.network.isUp = true;
		}, this.random.next() * HOUR);
	}

	// The power fails: no goodbye, and what was in RAM is gone. Old timers and events belong to no one any more.
	#restart(): void {
		this.network.cut(true);
		this.#generation++;
		this.#client = this.#boot();
	}

	#boot(): Client {
		const generation = this.#generation;
		const alive = () => generation === this.#generation;
		const client = new Client(
			{
				clientId: "device",
				clean: false,
				persist: this.persist,
				persistDelay: this.#persistDelay,
				keepAlive: 60,
				limits: { packetsPerTurn: 3 },
			},
			{
				transport: {
					endpoint: this.network.endpoint,
					open: (events) =>
						this.network.open({
							opened: () => alive() && events.opened(),
							received: (bytes) => alive() && events.received(bytes),
							writable: () => alive() && events.writable(),
							closed: (failure) => alive() && events.closed(failure),
						}),
				},
				clock: {
					now: () => this.clock.now(),
					setTimer: (callback, delay) => this.clock.setTimer(() => alive() && callback(), delay),
					clearTimer: (handle) => this.clock.clearTimer(handle),
				},
				random: this.random,
				store: this.store,
			},
		);
		client.subscribe("to/client", ({ payload }) => this.received.push(String.fromCharCode(...payload)), { qos: 2 });
		client.start();
		return client;
	}
}

function times(all: readonly string[], text: string): number {
	return all.reduce((count, other) => (other === text ? count + 1 : count), 0);
}

/** Whether the first occurrences of `texts` are in their order. */
function isInOrder(all: readonly string[], texts: readonly string[]): boolean {
	const places = texts.map((text) => all.indexOf(text));
	return places.every((place, index) => index === 0 || place > (places[index - 1] as number));
}

function expectDelivered(sent: World["sent"], arrived: readonly string[], atMostOnce: boolean): void {
	expect(sent[0].filter((text) => times(arrived, text) > 1)).toEqual([]);
	expect(sent[1].filter((text) => times(arrived, text) === 0)).toEqual([]);
	expect(sent[2].filter((text) => times(arrived, text) === 0)).toEqual([]);
	if (atMostOnce) expect(sent[2].filter((text) => times(arrived, text) > 1)).toEqual([]);
	for (const level of [1, 2] as const) expect(isInOrder(arrived, sent[level])).toBe(true);
}

describe("over days of drops, half-open links and outages", () => {
	test("QoS 1 arrives at least once, QoS 2 exactly once, in order, both ways", () => {
		fc.assert(
			fc.property(events("cut", "vanish", "outage"), fc.nat(), (steps, seed) => {
				const world = new World(seed, false);
				for (const event of steps) world.run(event);
				world.heal();
				expectDelivered(world.sent, world.broker.published, true);
				expectDelivered(world.toReceive, world.received, true);
				expect(world.client.pending).toBe(0);
				for (const level of [1, 2] as const) {
					expect(world.sent[level].filter((text) => world.settled.get(text) !== "done")).toEqual([]);
				}
			}),
			{ numRuns: 60 },
		);
	});

	test("and of power cuts, what is persisted keeps the same promises", () => {
		fc.assert(
			fc.property(events("cut", "vanish", "outage", "restart", "restart", "restart"), fc.nat(), (steps, seed) => {
				const world = new World(seed, true);
				for (const event of steps) world.run(event);
				world.heal();
				expectDelivered(world.sent, world.broker.published, true);
				expectDelivered(world.toReceive, world.received, true);
				expect([...world.store.records.keys()].filter((key) => key.startsWith("motehub/out/"))).toEqual([]);
			}),
			{ numRuns: 60 },
		);
	});

	test("and what is kept only after a while arrives at most once at QoS 2, power cuts or not", () => {
		fc.assert(
			fc.property(events("cut", "vanish", "outage", "restart"), fc.nat(), (steps, seed) => {
				const world = new World(seed, true, 2_000);
				for (const event of steps) world.run(event);
				world.heal();
				expect(world.sent[2].filter((text) => times(world.broker.published, text) > 1)).toEqual([]);
				expect(world.client.pending).toBe(0);
				expect([...world.store.records.keys()].filter((key) => key.startsWith("motehub/out/"))).toEqual([]);
			}),
			{ numRuns: 60 },
		);
	});

	test("and of brokers that lose their sessions, nothing of QoS 1 and 2 that we publish is lost", () => {
		fc.assert(
			fc.property(events("cut", "vanish", "loseSession"), fc.nat(), (steps, seed) => {
				const world = new World(seed, false);
				for (const event of steps) world.run(event);
				world.heal();
				expectDelivered(world.sent, world.broker.published, false);
				expect(world.client.pending).toBe(0);
			}),
			{ numRuns: 60 },
		);
	});
});
