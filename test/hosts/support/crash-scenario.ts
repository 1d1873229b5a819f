import { connectAsync } from "mqtt";
import { SeededRandom } from "../../support/seeded-random.ts";
import { Condition } from "./condition.ts";
import { type CrashClientOptions, CrashPublisher, CrashSubscriber } from "./crash-clients.ts";
import type { HubProcess } from "./hub-process.ts";
import { PROTOCOLS, type Version } from "./mqtt-js.ts";

export interface CrashOptions {
	/** Starts a hub that lets everybody in, always on the same data. The port is 0 the first time. */
	readonly start: (port: number) => Promise<HubProcess>;
	/** How often it is killed while messages flow. */
	readonly kills: number;
	readonly seed: number;
}

/** Acknowledgements between two kills, at most. */
const MOST_ACKNOWLEDGEMENTS = 120;
/** Messages of each publisher between two kills: more than that, and few enough for the queue of who is away. */
const PER_PUBLISHER = 100;
const LAST = "the last message";
/** Whoever waits longer waits for what the hub has lost: a subscription, say. */
const PATIENCE_MS = 60_000;

/**
 * Kills a hub with SIGKILL again and again while clients publish and receive, and once more right after the last
 * acknowledgement. Resolves with what was not as MQTT and the hub promise, and ends early if there is anything: the
 * list is empty if all was well.
 */
export async function crash(options: CrashOptions): Promise<readonly string[]> {
	const scenario = new CrashScenario(options);
	try {
		await scenario.run();
		return scenario.violations;
	} finally {
		await scenario.end();
	}
}

class CrashScenario {
	readonly #options: CrashOptions;
	readonly #random: SeededRandom;
	readonly #news = new Condition();
	readonly #violations: string[] = [];
	#hub: HubProcess | undefined;
	#port = 0;
	#publishers: readonly CrashPublisher[] = [];
	#subscribers: readonly CrashSubscriber[] = [];

	constructor(options: CrashOptions) {
		this.#options = options;
		this.#random = new SeededRandom(options.seed);
	}

	get violations(): readonly string[] {
		const clients = [...this.#publishers, ...this.#subscribers];
		return [...this.#violations, ...clients.flatMap((client) => client.violations)];
	}

	async run(): Promise<void> {
		await this.#startHub();
		await this.#openClients();
		for (let kill = 0; kill < this.#options.kills && this.violations.length === 0; kill++) {
			for (const publisher of this.#publishers) publisher.allow(PER_PUBLISHER);
			await this.#progressBy(Math.floor(this.#random.next() * MOST_ACKNOWLEDGEMENTS));
			await this.#crash();
		}
		for (const publisher of this.#publishers) publisher.allow(0);
		await this.#until("all acknowledgements", () => this.#publishers.every((publisher) => publisher.isSettled));
		await this.#crash();
		await this.#collect();
		if (this.violations.length === 0) this.#checkDeliveries();
	}

	async end(): Promise<void> {
		const clients = [...this.#publishers, ...this.#subscribers];
		await Promise.all(clients.map((client) => client.leave()));
		await this.#hub?.command.dispose();
	}

	/** Resolves when the test is true, or something went wrong: then there may be nothing to wait for. */
	async #until(what: string, test: () => boolean): Promise<void> {
		const patience = setTimeout(() => {
			this.#violations.push(`waited ${PATIENCE_MS} ms for ${what}`);
			this.#news.notify();
		}, PATIENCE_MS);
		await this.#news.until(() => (test() || this.violations.length > 0 ? true : undefined));
		clearTimeout(patience);
	}

	async #startHub(): Promise<void> {
		this.#hub = await this.#options.start(this.#port);
		this.#port = this.#hub.port;
	}

	async #openClients(): Promise<void> {
		this.#publishers = [
			new CrashPublisher(this.#client("pub-a", "3.1.1")),
			new CrashPublisher(this.#client("pub-b", "5")),
			new CrashPublisher(this.#client("pub-c", "5")),
		];
		this.#subscribers = [
			new CrashSubscriber(this.#client("sub-a", "3.1.1"), 2),
			new CrashSubscriber(this.#client("sub-b", "5"), 2),
			new CrashSubscriber(this.#client("sub-c", "5"), 1),
		];
		const absent = new CrashSubscriber(this.#client("sub-absent", "3.1.1"), 2);
		await Promise.all([...this.#subscribers, absent].map((subscriber) => subscriber.subscribe()));
		await absent.leave();
	}

	#client(clientId: string, version: Version): CrashClientOptions {
		return { clientId, version, port: this.#port, news: this.#news };
	}

	/** Resolves after this many further acknowledgements. */
	async #progressBy(count: number): Promise<void> {
		const all = () => this.#publishers.reduce((sum, { acknowledgements }) => sum + acknowledgements, 0);
		const end = all() + count;
		await this.#until("acknowledgements", () => all() >= end);
	}

	async #crash(): Promise<void> {
		await this.#hub?.command.dispose();
		const acknowledged = this.#publishers.map(({ acknowledgedState }) => acknowledgedState);
		await this.#startHub();
		await this.#checkRetained(acknowledged);
	}

	/** A state never falls behind what was acknowledged. It may be ahead: publishers go on meanwhile. */
	async #checkRetained(acknowledged: readonly number[]): Promise<void> {
		const states = await this.#retained();
		for (const [index, { clientId }] of this.#publishers.entries()) {
			const least = acknowledged[index] ?? -1;
			const state = states.get(`state/${clientId}`) ?? -1;
			if (state < least) this.#violations.push(`state/${clientId} is ${state} after ${least} was acknowledged`);
		}
	}

	async #retained(): Promise<ReadonlyMap<string, number>> {
		const client = await connectAsync({
			...PROTOCOLS["3.1.1"],
			host: "127.0.0.1",
			port: this.#port,
			reconnectPeriod: 0,
		});
		const states = new Map<string, number>();
		const settled = new Promise<void>((resolve) => {
			client.on("message", (topic, payload) => {
				if (topic === "settled") resolve();
				else if (!states.has(topic)) states.set(topic, Number(payload.toString()));
			});
		});
		await client.subscribeAsync(["state/#", "settled"], { qos: 0 });
		await client.publishAsync("settled", "");
		await settled;
		await client.endAsync();
		return states;
	}

	/** Has everybody receive what is left, the one who was away as well. A last message to all comes after the rest. */
	async #collect(): Promise<void> {
		this.#subscribers = [...this.#subscribers, new CrashSubscriber(this.#client("sub-absent", "3.1.1"), 2)];
		await this.#until("subscribers", () => this.#subscribers.every((subscriber) => subscriber.hasConnected));
		this.#publishers[0]?.client.publish("crash/last", LAST, { qos: 2 });
		await this.#until(LAST, () => this.#subscribers.every(({ received }) => received.has(LAST)));
	}

	#checkDeliveries(): void {
		for (const subscriber of this.#subscribers) {
			for (const { acknowledged } of this.#publishers) {
				for (const payload of acknowledged[1]) this.#checkDelivery(subscriber, payload, 1);
				for (const payload of acknowledged[2]) this.#checkDelivery(subscriber, payload, subscriber.qos);
			}
		}
	}

	#checkDelivery({ clientId, received }: CrashSubscriber, payload: string, qos: 1 | 2): void {
		const times = received.get(payload) ?? 0;
		if (times === 0) this.#violations.push(`${payload} was acknowledged, and ${clientId} never got it`);
		else if (qos === 2 && times > 1) this.#violations.push(`${clientId} got ${payload} ${times} times`);
	}
}
