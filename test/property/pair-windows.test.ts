import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { Client, type Message, type Protocol } from "../../src/client/index.ts";
import { decodeUtf8, type QoS } from "../../src/codec/index.ts";
import { Machine } from "../support/machine.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { VirtualHub } from "../support/virtual-hub.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** More bytes than a client holds of a payload: it comes in pieces. */
const LONG = 5_000;

type Who = "a" | "b";

/** How many messages may be on their way at a time. */
interface Windows {
	/** From a client, and, in MQTT 5, to it. */
	readonly client: number;
	/** How many more the hub takes: it counts what earlier connections left unreleased. */
	readonly more: number;
	/** From the hub, where the client does not say. */
	readonly hub: number;
	readonly packetsPerTurn: number;
}

interface Step {
	readonly from: Who;
	readonly qos: QoS;
	readonly length: number;
	readonly wait: number;
	/** Whom the fault is done to. */
	readonly who: Who;
	readonly fault: "none" | "drop" | "power" | "reboot" | "end";
	/** The version that a client speaks from its next boot on. */
	readonly protocol: Protocol;
}

const WINDOWS = fc.record<Windows>({
	client: fc.constantFrom(1, 2, 8),
	more: fc.constantFrom(0, 1, 20),
	hub: fc.constantFrom(1, 3, 20),
	packetsPerTurn: fc.constantFrom(1, 16),
});

const STEPS = fc.array(
	fc.record<Step>({
		from: fc.constantFrom("a", "b"),
		qos: fc.constantFrom<QoS>(0, 1, 2, 2),
		length: fc.constantFrom(0, 0, 0, LONG),
		wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 90 * SECOND })),
		who: fc.constantFrom("a", "b"),
		fault: fc.constantFrom("none", "none", "none", "none", "drop", "drop", "power", "reboot", "reboot", "end"),
		protocol: fc.constantFrom("3.1", "3.1.1", "5", "5"),
	}),
	{ minLength: 10, maxLength: 40, size: "max" },
);

/** Two clients that tell each other things over a hub, with room for little on the way. */
class House {
	readonly clock = new VirtualClock();
	/** What reached the other's handlers, as `qos:number`. */
	readonly received: Record<Who, string[]> = { a: [], b: [] };
	readonly #random: SeededRandom;
	readonly #windows: Windows;
	readonly #hub: VirtualHub;
	readonly #stores = { a: new MemoryStore(), b: new MemoryStore() };
	readonly #machines: Partial<Record<Who, Machine>> = {};
	readonly #clients: Partial<Record<Who, Client>> = {};

	constructor(seed: number, windows: Windows) {
		this.#random = new SeededRandom(seed);
		this.#windows = windows;
		const limits = { receiveMaximum: windows.client + windows.more, inflight: windows.hub };
		this.#hub = new VirtualHub(this.clock, this.#random, limits);
		this.#boot("a", "5");
		this.#boot("b", "5");
		this.clock.advance(10 * SECOND);
	}

	get pending(): number {
		return (this.#clients.a?.pending ?? 0) + (this.#clients.b?.pending ?? 0);
	}

	perform({ from, qos, length, wait, who, fault, protocol }: Step, number: number): void {
		this.#clients[from]?.publish(`${from}/${qos}`, `${number}:`.padEnd(length, "x"), { qos });
		this.clock.advance(wait);
		if (fault === "drop") this.#hub.drop();
		else if (fault === "power") this.#switch();
		else if (fault === "reboot") this.#boot(who, protocol);
		else if (fault === "end") this.#restart(who);
	}

	/** Everything works from now on; long enough for every backoff and retry. */
	settle(): void {
		if (!this.#hub.isPowered) this.#hub.powerOn();
		this.clock.advance(2 * HOUR);
	}

	#switch(): void {
		if (this.#hub.isPowered) this.#hub.powerOff();
		else this.#hub.powerOn();
	}

	#restart(who: Who): void {
		const client = this.#clients[who];
		void client?.end();
		this.clock.advance(6 * SECOND);
		client?.start();
	}

	#boot(who: Who, protocol: Protocol): void {
		this.#machines[who]?.cutPower();
		const machine = new Machine(this.clock, this.#hub.transport());
		this.#machines[who] = machine;
		const { client: maxInflight, packetsPerTurn } = this.#windows;
		const limits = { outboxMessages: 1_000, outboxBytes: 1_000_000, maxInflight, packetsPerTurn };
		const client = new Client(
			{ clientId: who, clean: false, persist: true, protocol, limits },
			{ transport: machine, clock: machine, random: this.#random, store: this.#stores[who] },
		);
		this.#clients[who] = client;
		this.#listen(client, who === "a" ? "b" : "a");
		client.start();
	}

	#listen(client: Client, to: Who): void {
		const take = (topic: string, text: string) =>
			this.received[to].push(`${topic.slice(-1)}:${Number.parseInt(text, 10)}`);
		let [topic, text] = ["", ""];
		const stream = {
			begin: (start: { readonly topic: string }) => {
				[topic, text] = [start.topic, ""];
			},
			chunk: (bytes: Uint8Array) => {
				text += textOf(bytes);
			},
			end: (complete: boolean) => {
				if (complete) take(topic, text);
			},
		};
		const handler = (message: Message) => take(message.topic, textOf(message.payload));
		client.subscribe(`${to}/#`, handler, { qos: 2, stream });
	}
}

function textOf(bytes: Uint8Array): string {
	return decodeUtf8(bytes, 0, bytes.length);
}

function withQos(entries: readonly string[], qos: number): string[] {
	return entries.filter((entry) => entry.startsWith(`${qos}:`));
}

function unique(entries: readonly string[]): string[] {
	return [...new Set(entries)];
}

test("little room on the way, and other versions after a restart, take nothing of what the QoS promises", () => {
	fc.assert(
		fc.property(fc.integer(), WINDOWS, STEPS, (seed, windows, steps) => {
			const house = new House(seed, windows);
			const sent: Record<Who, string[]> = { a: [], b: [] };
			for (const [number, step] of steps.entries()) {
				sent[step.from].push(`${step.qos}:${number}`);
				house.perform(step, number);
			}
			house.settle();
			expect(house.pending).toBe(0);
			for (const who of ["a", "b"] as const) {
				const received = house.received[who];
				expect(withQos(received, 2)).toEqual(withQos(sent[who], 2)); // exactly once, in order
				expect(unique(withQos(received, 1))).toEqual(withQos(sent[who], 1)); // at least once, first in order
				expect(unique(withQos(received, 0))).toEqual(withQos(received, 0)); // at most once
			}
		}),
		{ numRuns: 40 },
	);
});
