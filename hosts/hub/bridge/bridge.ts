import { HUB_LIMITS } from "../../../src/broker/index.ts";
import type {
	ClientError,
	ClientState,
	DisconnectReason,
	Message,
	RelayClient,
	RelayOptions,
	SubscriptionHandle,
} from "../../../src/client/index.ts";
import type { PublishProperties } from "../../../src/codec/index.ts";
import type { Log, Millis } from "../../../src/ports/index.ts";
import { connectClient, HUB_CLIENT_LIMITS, LocalTransport, makeClient, SocketTransport } from "../client/index.ts";
import type { BridgeSettings } from "../config/index.ts";
import type { Hub } from "../hub.ts";
import type { HostCounters } from "../operation/index.ts";
import { Throttle } from "../throttle.ts";
import { BreakableTransport } from "./breakable-transport.ts";
import { Crossing } from "./crossing.ts";
import { Echoes } from "./echoes.ts";
import { Freight, isBlaming } from "./freight.ts";
import { localClientId, unsubscribeOthers } from "./local-session.ts";
import { type BridgePath, unmarked } from "./path.ts";
import { Repeats } from "./repeats.ts";
import { type Mapped, TopicMap } from "./topic-map.ts";
import { countUserProperties } from "./user-properties.ts";

/** Milliseconds between two reports of messages that were lost. */
const LOSS_REPORTS: Millis = 10_000;

/** What a bridge is part of. */
export interface BridgeSite {
	readonly hub: Hub;
	/** A name that no other hub has, the same after a restart. */
	readonly hubId: string;
	readonly path: BridgePath;
	readonly log: Log;
	/** Where losses are counted. */
	readonly counters?: Pick<HostCounters, "bridgeLost" | "bridgeShortened">;
}

/**
 * Carries messages between this hub and another broker, as Mosquitto's `topic` lines say. Both ends are clients: one of
 * the other broker, one of this hub, each with a lasting session. A message does not come back to where it came from: by
 * No Local and its path in MQTT 5, and by what the bridge remembers of what it published otherwise.
 */
export class Bridge {
	readonly #name: string;
	readonly #log: Log;
	readonly #counters: BridgeSite["counters"];
	readonly #outwards: TopicMap;
	readonly #inwards: TopicMap;
	readonly #path: BridgePath;
	readonly #echoes = new Echoes();
	readonly #freight = new Freight((most) => this.#shortened(most));
	readonly #repeatsOut = new Repeats();
	readonly #repeatsIn = new Repeats();
	readonly #losses = new Throttle(LOSS_REPORTS);
	readonly #shortenings = new Throttle(LOSS_REPORTS);
	readonly #local: RelayClient;
	readonly #remote: RelayClient;
	readonly #out: Crossing;
	readonly #in: Crossing;
	#localSubscriptions: readonly SubscriptionHandle[] = [];
	#remoteSubscriptions: readonly SubscriptionHandle[] = [];
	/** Those of the local subscriptions that the hub has not answered. */
	#unanswered = new Set<string>();
	#resolveReady: () => void = () => undefined;
	/** Resolves once what is published here is kept for the bridge, or cannot be at present. Never rejects. */
	readonly ready = new Promise<void>((resolve) => {
		this.#resolveReady = resolve;
	});

	/** Connects, and keeps connecting until `end`. */
	constructor(settings: BridgeSettings, { hub, hubId, path, log, counters }: BridgeSite) {
		const { name, topics, queueMessages, connection } = settings;
		this.#name = name;
		this.#log = log;
		this.#counters = counters;
		this.#path = path;
		this.#outwards = new TopicMap(topics, "out");
		this.#inwards = new TopicMap(topics, "in");
		const here = new BreakableTransport(new LocalTransport(hub, `bridge ${name}`, { queueMessages }));
		const there = new BreakableTransport(new SocketTransport(connection));
		this.#local = makeClient(this.#localOptions(), here, log);
		this.#remote = connectClient(connection, log, this.#remoteOptions(settings, hubId), there);
		const local = { client: this.#local, transport: here };
		const remote = { client: this.#remote, transport: there };
		const lost = (error: ClientError) => this.#lost(error.message);
		this.#out = new Crossing(local, remote, {
			admit: (message) => this.#admitOut(message),
			propertiesOf: (properties, qos) => this.#freight.load(this.#path.leave(endToEnd(properties)), qos),
			taken: (load) => this.#freight.taken(load),
			refused: (load) => this.#freight.refused([load]),
			lost,
		});
		this.#in = new Crossing(remote, local, {
			admit: (message) => this.#admitIn(message),
			propertiesOf: (properties) => unmarked(endToEnd(properties)),
			lost,
		});
		this.#subscribeRemote();
		this.#subscribeLocal();
		unsubscribeOthers(hub, this.#local, this.#out.arrived, name, this.#outwards.filters);
		this.#local.start();
	}

	/** Says goodbye on both sides. What was not acknowledged stays in their sessions. */
	async end(): Promise<void> {
		await Promise.all([this.#remote.end(), this.#local.end()]);
	}

	#localOptions(): RelayOptions {
		return {
			clientId: localClientId(this.#name),
			protocol: "5",
			clean: false,
			keepAlive: 0,
			limits: HUB_CLIENT_LIMITS,
			relay: (cmd, id) => (cmd === "pubrel" ? this.#out.released(id) : this.#in.completed(id)),
			onState: (state) => this.#localState(state),
			onMessage: (message) => this.#out.arrived(message),
		};
	}

	#remoteOptions({ name, connection, cleanSession }: BridgeSettings, hubId: string): RelayOptions {
		return {
			// The session must be the same after a restart.
			clientId: connection.clientId ?? `${hubId}.${name}`,
			clean: cleanSession,
			relay: (cmd, id) => (cmd === "pubrel" ? this.#in.released(id) : this.#out.completed(id)),
			onState: (state) => this.#remoteState(state),
			onMessage: (message) => this.#in.arrived(message),
		};
	}

	/** Also again: then the broker there sends its retained messages again. */
	#subscribeRemote(): void {
		const before = this.#remoteSubscriptions;
		this.#remoteSubscriptions = this.#inwards.subscriptions.map(({ filter, qos }) =>
			this.#remote.subscribe(filter, this.#in.arrived, { qos, nl: true, rap: true }),
		);
		for (const handle of before) handle.unsubscribe(); // the filter stays subscribed to
	}

	/** Also again: then the hub sends its retained messages again. */
	#subscribeLocal(): void {
		for (const handle of this.#localSubscriptions) handle.unsubscribe();
		const { subscriptions } = this.#outwards;
		const unanswered = new Set(this.#outwards.filters);
		this.#unanswered = unanswered;
		this.#localSubscriptions = subscriptions.map(({ filter, qos }) =>
			this.#local.subscribe(filter, this.#out.arrived, { qos, nl: true, rap: true }, () => {
				unanswered.delete(filter);
				this.#resolveIfReady();
			}),
		);
		this.#resolveIfReady();
	}

	#resolveIfReady(): void {
		if (this.#unanswered.size === 0) this.#resolveReady();
	}

	#localState(state: ClientState): void {
		if (state.kind === "offline") this.#resolveReady();
		if (state.kind !== "online") return;
		this.#out.sourceOnline(state.sessionPresent);
		this.#in.targetOnline();
		this.#fetchMissedRetained();
	}

	#remoteState(state: ClientState): void {
		if (state.kind === "offline") this.#remoteOffline(state.reason);
		if (state.kind !== "online") return;
		this.#freight.connected();
		this.#echoes.renew();
		this.#in.sourceOnline(state.sessionPresent || state.protocol === "3.1"); // which does not tell
		this.#out.targetOnline();
		// A broker that has lost the session may have lost what it retained as well.
		const isOutOfDate = this.#out.takeMissedRetained() || !state.sessionPresent;
		if (isOutOfDate && this.#local.state.kind === "online") this.#subscribeLocal();
		this.#fetchMissedRetained();
	}

	/** What came at QoS 0 while this hub had not taken the bridge in, as at its start, comes again if it is retained. */
	#fetchMissedRetained(): void {
		const areOnline = this.#local.state.kind === "online" && this.#remote.state.kind === "online";
		if (areOnline && this.#in.takeMissedRetained()) this.#subscribeRemote();
	}

	/** What the broker there does not take would be sent to it again with each connection. */
	#remoteOffline({ phase, code }: DisconnectReason): void {
		if (phase !== "online" || !isBlaming(code) || !this.#freight.refused(this.#out.loads)) return;
		setImmediate(() => this.#remote.retry());
	}

	#admitOut(message: Message): Mapped | undefined {
		const to = this.#outwards.map(message.topic);
		const properties = this.#path.leave(message.properties);
		if (to === undefined || this.#isLaden(message, properties)) return undefined;
		if (this.#knowsPaths && this.#freight.keepsPath(countUserProperties(properties))) return to;
		if (this.#isEndless(this.#repeatsOut, message)) return undefined;
		if (this.#knowsPaths) return to; // and No Local keeps it from coming back by this bridge
		if (this.#inwards.carries(to.topic)) this.#echoes.expect(to.topic, message.payload);
		return to;
	}

	#admitIn(message: Message): Mapped | undefined {
		const to = this.#inwards.map(message.topic);
		if (to === undefined || this.#echoes.take(message.topic, message.payload)) return undefined;
		if (this.#isLaden(message, message.properties)) return undefined;
		return !this.#knowsPaths && this.#isEndless(this.#repeatsIn, message) ? undefined : to;
	}

	/** Whether the other broker speaks MQTT 5: No Local and user properties keep messages from going in circles. */
	get #knowsPaths(): boolean {
		const { state } = this.#remote;
		return state.kind === "online" && state.protocol === "5";
	}

	/** Whether the message has so many user properties that a hub would end the connection, each time that it comes again. */
	#isLaden({ topic }: Message, properties: PublishProperties | undefined): boolean {
		const count = countUserProperties(properties);
		if (count <= HUB_LIMITS.userProperties) return false;
		this.#lost(`"${topic}" came with more than ${HUB_LIMITS.userProperties} user properties`);
		return true;
	}

	#isEndless(repeats: Repeats, { topic, payload }: Message): boolean {
		const isEndless = repeats.isEndless(topic, payload);
		if (isEndless) this.#lost(`"${topic}" goes in circles: use protocol 5, or rules without a way back`);
		return isEndless;
	}

	#shortened(most: number): void {
		this.#counters?.bridgeShortened(this.#name);
		const unreported = this.#shortenings.pass();
		if (unreported === undefined) return;
		const reason = `the broker there takes no more than ${most} of them, the path included`;
		this.#log.write("warn", "a bridge left out user properties", { bridge: this.#name, reason, unreported });
	}

	#lost(reason: string): void {
		this.#counters?.bridgeLost(this.#name);
		const unreported = this.#losses.pass();
		if (unreported === undefined) return;
		this.#log.write("warn", "a bridge lost a message", { bridge: this.#name, reason, unreported });
	}
}

/** Aliases and identifiers are each connection's own. */
function endToEnd(properties: PublishProperties | undefined): PublishProperties | undefined {
	if (properties === undefined) return undefined;
	const { topicAlias: _alias, subscriptionIdentifier: _identifier, ...rest } = properties;
	return rest;
}
