import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { Client, type Message, type Protocol } from "../../src/client/index.ts";
import type { QoS } from "../../src/codec/index.ts";
import { Machine } from "../support/machine.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { VirtualHub } from "../support/virtual-hub.ts";

const PROTOCOLS: readonly Protocol[] = ["3.1", "3.1.1", "5"];
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

type Fault = "drop" | "power" | "reboot" | "none";

interface Step {
	readonly qos: QoS;
	readonly wait: number;
	readonly fault: Fault;
}

const STEPS = fc.array(
	fc.record<Step>({
		qos: fc.constantFrom<QoS>(0, 1, 2),
		wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 90 * SECOND })),
		fault: fc.constantFrom<Fault>("none", "none", "none", "drop", "drop", "power", "reboot"),
	}),
	{ minLength: 5, maxLength: 40 },
);

/** A publisher, the hub and a subscriber on one virtual clock. */
class House {
	readonly clock = new VirtualClock();
	readonly hub: VirtualHub;
	/** What reached the subscriber's handler, as `qos:number`. */
	readonly received: string[] = [];
	readonly #random: SeededRandom;
	readonly #protocol: Protocol;
	readonly #store = new MemoryStore();
	#machine: Machine;
	#publisher: Client;

	constructor(seed: number, protocol: Protocol) {
		this.#random = new SeededRandom(seed);
		this.#protocol = protocol;
		this.hub = new VirtualHub(this.clock, this.#random);
		this.#machine = this.#newMachine();
		this.#publisher = this.#newClient("publisher", this.#machine, this.#store);
		const subscriber = this.#newClient("subscriber", this.#newMachine(), new MemoryStore());
		const take = (message: Message) => {
			this.received.push(`${message.topic.slice(-1)}:${String.fromCharCode(...message.payload)}`);
		};
		subscriber.subscribe("readings/#", take, { qos: 2 });
		this.clock.advance(10 * SECOND);
	}

	publish(qos: QoS, number: number): void {
		this.#publisher.publish(`readings/${qos}`, String(number), { qos });
	}

	inflict(fault: Fault): void {
		if (fault === "drop") this.hub.drop();
		if (fault === "power") {
			if (this.hub.isPowered) this.hub.powerOff();
			else this.hub.powerOn();
		}
		if (fault === "reboot") {
			this.#machine.cutPower();
			this.#machine = this.#newMachine();
			this.#publisher = this.#newClient("publisher", this.#machine, this.#store);
		}
	}

	/** Everything works from now on; long enough for every backoff and retry. */
	settle(): void {
		if (!this.hub.isPowered) this.hub.powerOn();
		this.clock.advance(2 * HOUR);
	}

	#newMachine(): Machine {
		return new Machine(this.clock, this.hub.transport());
	}

	#newClient(clientId: string, machine: Machine, store: MemoryStore): Client {
		const limits = { outboxMessages: 1_000, outboxBytes: 1_000_000 };
		const client = new Client(
			{ clientId, clean: false, persist: true, protocol: this.#protocol, limits },
			{ transport: machine, clock: machine, random: this.#random, store },
		);
		client.start();
		return client;
	}
}

describe.each(PROTOCOLS)("client core against broker core, MQTT %s", (protocol) => {
	test("delivers as the QoS promises, whatever drops, reboots or loses power", () => {
		fc.assert(
			fc.property(fc.integer(), STEPS, (seed, steps) => {
				const house = new House(seed, protocol);
				const sent: string[] = [];
				for (const [number, { qos, wait, fault }] of steps.entries()) {
					house.publish(qos, number);
					sent.push(`${qos}:${number}`);
					house.clock.advance(wait);
					house.inflict(fault);
				}
				house.settle();
				expect(withQos(house.received, 2)).toEqual(withQos(sent, 2)); // exactly once, in order
				expect(unique(withQos(house.received, 1))).toEqual(withQos(sent, 1)); // at least once, first in order
				expect(withQos(sent, 0)).toEqual(expect.arrayContaining(withQos(house.received, 0)));
				expect(unique(withQos(house.received, 0))).toEqual(withQos(house.received, 0)); // at most once
			}),
			{ numRuns: 100 },
		);
	});

	test("delivers everything once, at every QoS, while nothing fails", () => {
		const house = new House(7, protocol);
		const sent: string[] = [];
		for (let number = 0; number < 300; number++) {
			const qos = (number % 3) as QoS;
			house.publish(qos, number);
			sent.push(`${qos}:${number}`);
			if (number % 10 === 0) house.clock.advance(SECOND);
		}
		house.settle();
		for (const qos of [0, 1, 2]) expect(withQos(house.received, qos)).toEqual(withQos(sent, qos));
	});
});

function withQos(entries: readonly string[], qos: number): string[] {
	return entries.filter((entry) => entry.startsWith(`${qos}:`));
}

function unique(entries: readonly string[]): string[] {
	return [...new Set(entries)];
}
