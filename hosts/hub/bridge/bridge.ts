import { hostname } from "node:os";
import type { Client, ClientError, ClientState, Message, SubscriptionHandle } from "../../../src/client/index.ts";
import type { PublishProperties, QoS } from "../../../src/codec/index.ts";
import type { Log, Millis } from "../../../src/ports/index.ts";
import { connectClient, HUB_CLIENT_LIMITS, LocalTransport, makeClient } from "../client/index.ts";
import type { BridgeSettings } from "../config/index.ts";
import type { Hub } from "../hub.ts";
import { Throttle } from "../throttle.ts";
import { Echoes } from "./echoes.ts";
import { type Mapped, TopicMap } from "./topic-map.ts";

/** Milliseconds between two reports of messages that were lost. */
const LOSS_REPORTS: Millis = 10_000;

/**
 * Carries messages between this hub and another broker, as Mosquitto's `topic` lines say. Both ends are clients: one of
 * the other broker, one of this hub. A message does not come back to where it came from: by No Local in MQTT 5, and by
 * what the bridge remembers of what it published otherwise.
 */
export class Bridge {
	readonly #name: string;
	readonly #log: Log;
	readonly #outwards: TopicMap;
	readonly #inwards: TopicMap;
	readonly #echoes = new Echoes();
	readonly #losses = new Throttle(LOSS_REPORTS);
	readonly #local: Client;
	readonly #remote: Client;
	#localSubscriptions: readonly SubscriptionHandle[] = [];

	/** Connects, and keeps connecting until `end`. */
	constructor(settings: BridgeSettings, hub: Hub, log: Log) {
		const { name, topics } = settings;
		this.#name = name;
		this.#log = log;
		this.#outwards = new TopicMap(topics, "out");
		this.#inwards = new TopicMap(topics, "in");
		const id = `motehub-bridge-${name}`;
		this.#local = makeClient(
			{ clientId: id, protocol: "5", keepAlive: 0, limits: HUB_CLIENT_LIMITS },
			new LocalTransport(hub, `bridge ${name}`),
			log,
		);
		this.#remote = connectClient(settings.connection, log, {
			// As Mosquitto names its bridges: the session must be the same after a restart.
			clientId: settings.connection.clientId ?? `${hostname()}.${name}`,
			clean: settings.cleanSession,
			limits: { ...HUB_CLIENT_LIMITS, outboxMessages: settings.queueMessages },
			onState: (state) => this.#remoteState(state),
		});
		this.#subscribeRemote();
		this.#subscribeLocal();
		this.#local.start();
	}

	/** Says goodbye on both sides. */
	async end(): Promise<void> {
		await Promise.all([this.#remote.end(), this.#local.end()]);
	}

	#subscribeRemote(): void {
		for (const { filter, qos } of this.#inwards.subscriptions) {
			this.#remote.subscribe(filter, this.#fromRemote, { qos, nl: true, rap: true });
		}
	}

	/** Also again: then the hub sends its retained messages again. */
	#subscribeLocal(): void {
		for (const handle of this.#localSubscriptions) handle.unsubscribe();
		this.#localSubscriptions = this.#outwards.subscriptions.map(({ filter, qos }) =>
			this.#local.subscribe(filter, this.#fromLocal, { qos, nl: true, rap: true }),
		);
	}

	// While the bridge was down, retained messages may have changed at QoS 0, which does not wait.
	#remoteState(state: ClientState): void {
		if (state.kind !== "online") return;
		this.#echoes.renew();
		if (this.#local.state.kind === "online") this.#subscribeLocal();
	}

	readonly #fromLocal = (message: Message): void => {
		const to = this.#outwards.map(message.topic);
		const { state } = this.#remote;
		if (to === undefined || (message.qos === 0 && state.kind !== "online")) return;
		const payload = message.payload.slice();
		if (this.#inwards.carries(to.topic) && !(state.kind === "online" && state.protocol === "5")) {
			this.#echoes.expect(to.topic, payload);
		}
		this.#forward(this.#remote, to, payload, message);
	};

	readonly #fromRemote = (message: Message): void => {
		const to = this.#inwards.map(message.topic);
		if (to === undefined || this.#echoes.take(message.topic, message.payload)) return;
		this.#forward(this.#local, to, message.payload.slice(), message);
	};

	#forward(client: Client, to: Mapped, payload: Uint8Array, { qos, retain, properties }: Message): void {
		// Another rule may have brought the message with more.
		const options = { qos: Math.min(qos, to.qos) as QoS, retain, ...propertiesOf(properties) };
		client.publish(to.topic, payload, options, (error) => this.#settled(error));
	}

	#settled(error: ClientError | undefined): void {
		if (error === undefined || error.code === "ended") return;
		const unreported = this.#losses.pass();
		if (unreported === undefined) return;
		this.#log.write("warn", "a bridge lost a message", { bridge: this.#name, reason: error.message, unreported });
	}
}

/** What goes on with the message; aliases and identifiers are each connection's own, the expiry is counted here. */
function propertiesOf(properties: PublishProperties | undefined): {
	readonly expiry?: number;
	readonly properties?: PublishProperties;
} {
	if (properties === undefined) return {};
	const {
		topicAlias: _alias,
		subscriptionIdentifier: _identifier,
		messageExpiryInterval: expiry,
		...rest
	} = properties;
	return { properties: rest, ...(expiry === undefined ? {} : { expiry }) };
}
