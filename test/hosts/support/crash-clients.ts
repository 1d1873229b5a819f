import { connect, type IClientOptions, type MqttClient } from "mqtt";
import type { Condition } from "./condition.ts";
import { PROTOCOLS, type Version } from "./mqtt-js.ts";

/** What every client of the crash test has: a session that lasts, and the will to come back at once. */
function lasting({ clientId, version, port }: CrashClientOptions): IClientOptions {
	const properties = version === "5" ? { properties: { sessionExpiryInterval: 0xffff_ffff } } : {};
	return {
		...PROTOCOLS[version],
		...properties,
		clientId,
		clean: false,
		resubscribe: false,
		reconnectPeriod: 20,
		port,
		host: "127.0.0.1",
	};
}

export interface CrashClientOptions {
	readonly clientId: string;
	readonly version: Version;
	readonly port: number;
	/** Is notified of everything that happens to the client. */
	readonly news: Condition;
}

/** A client of the crash test. */
class CrashClient {
	readonly clientId: string;
	readonly client: MqttClient;
	/** What should never be. */
	readonly violations: string[] = [];
	protected readonly news: Condition;
	#connects = 0;

	constructor(options: CrashClientOptions) {
		this.clientId = options.clientId;
		this.news = options.news;
		this.client = connect(lasting(options));
		this.client.on("error", () => undefined); // refused and cut connections are what this test is about
		this.client.on("connect", ({ sessionPresent }) => {
			if (this.#connects++ > 0 && !sessionPresent) this.violations.push(`${this.clientId} lost its session`);
			this.news.notify();
		});
	}

	/** Whether it is, or was, connected. */
	get hasConnected(): boolean {
		return this.#connects > 0;
	}

	/** Leaves without a word; the session stays. */
	async leave(): Promise<void> {
		await this.client.endAsync(true);
	}
}

/** Messages of a publisher that may be unacknowledged at a time. */
const WINDOW = 8;
/** The answer to a PUBREL of a message that the hub has released before: no error in a recovery (MQTT 5 section 3.7.2.1). */
const PACKET_IDENTIFIER_NOT_FOUND = 0x92;
/** With these words MQTT.js gives up what it was told to publish and has not sent. */
const NOT_SENT = "Connection closed";

/** Publishes numbers, at QoS 1 and 2 and as a retained state in turn, as fast as they are acknowledged. */
export class CrashPublisher extends CrashClient {
	/** Acknowledgements so far. */
	acknowledgements = 0;
	/** The last number that was acknowledged as this publisher's state. */
	acknowledgedState = -1;
	/** Payloads that were acknowledged, by QoS. */
	readonly acknowledged = { 1: new Set<string>(), 2: new Set<string>() } as const;
	#next = 0;
	/** Published, and not acknowledged nor given up. */
	#open = 0;
	/** What may be published in all. */
	#limit = 0;

	constructor(options: CrashClientOptions) {
		super(options);
		this.client.on("connect", () => this.#fill());
	}

	/** Lets this many more be published. */
	allow(count: number): void {
		this.#limit = this.#next + count;
		this.#fill();
	}

	/** Whether everything that was sent is acknowledged. */
	get isSettled(): boolean {
		return this.#open === 0;
	}

	override async leave(): Promise<void> {
		this.allow(0);
		await super.leave();
	}

	#fill(): void {
		while (this.#next < this.#limit && this.#open < WINDOW) this.#publish(this.#next++);
	}

	#publish(number: number): void {
		if (number % 3 === 0) {
			this.#send(`state/${this.clientId}`, `${number}`, 1, true, () => {
				this.acknowledgedState = Math.max(this.acknowledgedState, number);
			});
			return;
		}
		const qos = number % 3 === 1 ? 1 : 2;
		const payload = `${this.clientId}/${qos}/${number}`;
		this.#send(`crash/${this.clientId}/${qos}`, payload, qos, false, () => this.acknowledged[qos].add(payload));
	}

	#send(topic: string, payload: string, qos: 1 | 2, retain: boolean, acknowledged: () => void): void {
		this.#open++;
		this.client.publish(topic, payload, { qos, retain }, (error) => {
			this.#open--;
			if (error?.message === NOT_SENT) return; // goes on when it is connected
			if (isRefusal(error)) {
				this.violations.push(`${payload} of ${this.clientId} was refused: ${error.message}`);
				this.allow(0);
			} else {
				this.acknowledgements++;
				acknowledged();
			}
			this.#fill();
			this.news.notify();
		});
	}
}

function isRefusal(error: Error | null | undefined): error is Error {
	if (error === null || error === undefined) return false;
	return !("code" in error && error.code === PACKET_IDENTIFIER_NOT_FOUND);
}

/** Receives what the publishers publish. */
export class CrashSubscriber extends CrashClient {
	readonly qos: 1 | 2;
	/** How often each payload came. */
	readonly received = new Map<string, number>();

	constructor(options: CrashClientOptions, qos: 1 | 2) {
		super(options);
		this.qos = qos;
		this.client.on("message", (_, payload) => {
			const text = payload.toString();
			this.received.set(text, (this.received.get(text) ?? 0) + 1);
			this.news.notify();
		});
	}

	/** Subscribes once: from then on the hub has to know. */
	async subscribe(): Promise<void> {
		await this.client.subscribeAsync("crash/#", { qos: this.qos });
	}
}
