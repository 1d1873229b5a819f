import {
	type Client,
	type ClientLimits,
	type ClientOptions,
	type ClientState,
	RelayClient,
	type RelayOptions,
} from "../../../src/client/index.ts";
import type { MqttOptions } from "../../../src/config/index.ts";
import type { Clock, Log, Transport } from "../../../src/ports/index.ts";
import { NODE_CLOCK } from "../auth/node-clock.ts";

const MEBIBYTE = 1_048_576;

/** Bounds of a client that has the hub's memory. */
export const HUB_CLIENT_LIMITS: ClientLimits = {
	maxPacket: 16 * MEBIBYTE,
	streamAbove: 16 * MEBIBYTE,
	// Mosquitto closes the connection of a client of MQTT 3.x that has more QoS 2 messages on their way.
	maxInflight: 20,
	outboxMessages: 10_000,
	outboxBytes: 64 * MEBIBYTE,
	maxSubscriptions: 10_000,
	packetsPerTurn: 1_000,
	backlogBytes: MEBIBYTE,
	topicAliases: 64,
	routeCache: 1_000,
};

// Unlike the hub's own, its timers keep the process running: there may be nothing else between two attempts.
const CLOCK: Clock = { ...NODE_CLOCK, setTimer: (callback, delay) => setTimeout(callback, delay) };

/** A client on Node's ports, not started. Throws `UsageError` for options that are wrong. */
export function makeClient(options: RelayOptions, transport: Transport, log: Log): RelayClient {
	return new RelayClient(options, { transport, clock: CLOCK, random: { next: Math.random }, log });
}

/** A client's options out of the configuration. The birth message is published whenever the connection stands. */
export function clientOptions(options: MqttOptions): ClientOptions {
	const { clientId, protocol, keepAlive, username, password, willMessage } = options;
	return {
		clientId,
		protocol,
		keepAlive,
		username,
		password: password?.reveal(),
		will: willMessage,
		limits: HUB_CLIENT_LIMITS,
	};
}

/** Publishes the birth message, if there is one, when the client gets online. */
export function announceBirth(client: Client, { birthMessage }: MqttOptions, state: ClientState): void {
	if (state.kind !== "online" || birthMessage === undefined) return;
	const { topic, payload, qos, retain } = birthMessage;
	client.publish(topic, payload, { qos, retain });
}
