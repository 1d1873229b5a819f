import type { ConnectPacket, QoS, Will, WillProperties } from "../codec/index.ts";
import { UsageError } from "../codec/index.ts";
import type { Millis, Seconds } from "../ports/index.ts";
import { topicNameFault } from "../topic/index.ts";
import { type BackoffOptions, DEFAULT_BACKOFF } from "./backoff.ts";
import type { Exchange } from "./exchange.ts";
import { LEVEL, type Protocol } from "./ladder.ts";
import { type ClientLimits, DEVICE_LIMITS } from "./limits.ts";
import type { Message } from "./message.ts";
import { bytesOf } from "./payload.ts";
import type { ClientState } from "./state.ts";

export interface WillOptions {
	readonly topic: string;
	readonly payload: string | Uint8Array;
	/** Default 0. */
	readonly qos?: QoS;
	readonly retain?: boolean;
	/** MQTT 5 only; left out for older brokers. */
	readonly properties?: WillProperties;
}

export interface ClientOptions {
	/** Missing: `motehub-` and eight letters, the same after a restart if there is a Store. Empty: the broker chooses. */
	readonly clientId?: string | undefined;
	/** The version to begin with; older ones are tried when the broker does not know it. Default "3.1.1". */
	readonly protocol?: Protocol | undefined;
	/** Default true. False: the broker keeps subscriptions and messages while we are away. */
	readonly clean?: boolean | undefined;
	/**
	 * MQTT 5: how long the broker keeps the session after a disconnect. Default 0 with `clean`, else never given up.
	 * With `clean` and an expiry, the first connection starts a new session and reconnects resume it.
	 */
	readonly sessionExpiry?: Seconds | undefined;
	/** 0–65535. Default 60; 0 is off, and then half-open links go unseen. */
	readonly keepAlive?: Seconds | undefined;
	readonly username?: string | undefined;
	readonly password?: string | Uint8Array | undefined;
	readonly will?: WillOptions | undefined;
	/** More properties for an MQTT 5 CONNECT: request information flags and user properties. */
	readonly properties?: ConnectPacket["properties"] | undefined;
	/** For the transport to open, and again for the broker to answer CONNECT. Default 10 s each. */
	readonly connectTimeout?: Millis | undefined;
	readonly reconnect?: Partial<BackoffOptions> | undefined;
	readonly limits?: Partial<ClientLimits> | undefined;
	/** Keeps QoS 1 and 2 messages, and what makes QoS 2 exactly once, in the Store over restarts. Default false: flash wears. */
	readonly persist?: boolean | undefined;
	/**
	 * With `persist`: how long a message may be in RAM alone while there is a connection. Most are acknowledged by then, and
	 * never wear the flash; a power cut takes those that are not. Default 0: each is kept before it is sent.
	 */
	readonly persistDelay?: Millis | undefined;
	/** For clients that are more than this one: see RelayClient. */
	readonly exchange?: Exchange | undefined;
	readonly onState?: ((state: ClientState) => void) | undefined;
	/** Gets what no subscription's handler takes. */
	readonly onMessage?: ((message: Message) => void) | undefined;
}

/** Options, checked and complete. */
export interface Settings {
	readonly clientId: string | undefined;
	readonly protocol: Protocol;
	readonly clean: boolean;
	readonly sessionExpiry: Seconds;
	readonly keepAlive: Seconds;
	readonly username: string | undefined;
	readonly password: Uint8Array | undefined;
	readonly will: Will | undefined;
	readonly properties: ConnectPacket["properties"];
	readonly connectTimeout: Millis;
	readonly reconnect: BackoffOptions;
	readonly limits: ClientLimits;
	readonly persist: boolean;
	readonly persistDelay: Millis;
	readonly exchange: Exchange | undefined;
	readonly onState: ClientOptions["onState"];
	readonly onMessage: ClientOptions["onMessage"];
}

/** Session Expiry Interval: the session is never given up (MQTT 5 section 3.1.2.11.2). */
const NEVER: Seconds = 0xffff_ffff;
/** The lengths that a packet can have, in bytes (MQTT 5 section 2.1.4). */
const SHORTEST_PACKET = 2;
const LONGEST_PACKET = 268_435_460;
/** Each message of QoS 1 or 2 has a packet identifier from the start, and some are left for subscriptions. */
const MOST_MESSAGES = 65_000;

const DEFAULTS: Partial<Settings> = {
	protocol: "3.1.1",
	clean: true,
	sessionExpiry: 0,
	keepAlive: 60,
	connectTimeout: 10_000,
	reconnect: DEFAULT_BACKOFF,
	limits: DEVICE_LIMITS,
	persist: false,
	persistDelay: 0,
};

/** Checks and completes options. Throws UsageError, which says which option is wrong and what is allowed. */
export function settingsFrom(options: ClientOptions): Settings {
	const settings = complete(DEFAULTS, {
		...options,
		sessionExpiry: options.sessionExpiry ?? (options.clean === false ? NEVER : undefined),
		password: options.password === undefined ? undefined : bytesOf(options.password),
		will: options.will === undefined ? undefined : willFrom(options.will),
		reconnect: complete(DEFAULT_BACKOFF, options.reconnect),
		limits: complete(DEVICE_LIMITS, options.limits),
	}) as Settings;
	check(settings);
	return settings;
}

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What is not given is inherited: defaults stay in flash. */
function complete<T extends object>(defaults: T, given: Given<T> | undefined): T {
	if (given === undefined) return defaults;
	const entries = Object.entries(given).filter((entry) => entry[1] !== undefined);
	return Object.setPrototypeOf(Object.fromEntries(entries), defaults) as T;
}

function check(settings: Settings): void {
	const protocol = settings.protocol;
	const limits = settings.limits;
	if (LEVEL[protocol] === undefined) wrong("protocol", 'must be "3.1", "3.1.1" or "5"');
	if (settings.clientId === "" && !settings.clean && protocol !== "5") {
		wrong("clientId", 'must not be empty when "clean" is false');
	}
	if (settings.password !== undefined && settings.username === undefined && protocol !== "5") {
		wrong("password", 'needs a "username" before MQTT 5 [MQTT-3.1.2-22]');
	}
	checkProperties(settings.properties);
	checkInteger("keepAlive", settings.keepAlive, 0, 65_535);
	checkInteger("sessionExpiry", settings.sessionExpiry, 0, NEVER);
	if (!(settings.connectTimeout >= 1)) wrong("connectTimeout", "must be at least 1 ms");
	checkPositive("persistDelay", settings.persistDelay);
	checkAllPositive("reconnect", settings.reconnect);
	checkAllPositive("limits", limits);
	checkInteger("limits.maxPacket", limits.maxPacket, SHORTEST_PACKET, LONGEST_PACKET);
	checkInteger("limits.outboxMessages", limits.outboxMessages, 0, MOST_MESSAGES);
	checkInteger("limits.maxInflight", limits.maxInflight, 1, 65_535);
	checkInteger("limits.packetsPerTurn", limits.packetsPerTurn, 1, 65_535);
	checkInteger("limits.topicAliases", limits.topicAliases, 0, 65_535);
}

/** Properties of CONNECT that options stand for. */
const OPTION_FOR: Readonly<Record<string, string>> = {
	sessionExpiryInterval: "sessionExpiry",
	receiveMaximum: "limits.maxInflight",
	maximumPacketSize: "limits.maxPacket",
	topicAliasMaximum: "limits.topicAliases",
};

function checkProperties(properties: ConnectPacket["properties"]): void {
	Object.keys(properties ?? {}).forEach((name) => {
		const option = OPTION_FOR[name];
		if (option !== undefined) wrong(`properties.${name}`, `is set by the option "${option}"`);
		if (name.startsWith("authentication")) wrong(`properties.${name}`, "is not supported");
	});
}

function checkInteger(name: string, value: number, least: number, most: number): void {
	if (Number.isInteger(value) && value >= least && value <= most) return;
	wrong(name, `must be a whole number from ${least} to ${most}, not ${value}`);
}

function checkPositive(name: string, value: number): void {
	if (value >= 0 && Number.isFinite(value)) return;
	wrong(name, `must be a number of at least 0, not ${value}`);
}

function checkAllPositive<T extends object>(group: string, values: T): void {
	(Object.keys(values) as (keyof T & string)[]).forEach((name) => {
		checkPositive(`${group}.${name}`, values[name] as number);
	});
}

function willFrom(given: WillOptions): Will {
	const will = { qos: 0, retain: false, ...given, payload: bytesOf(given.payload) } as const;
	const fault = topicNameFault(will.topic);
	if (fault !== undefined) wrong("will.topic", fault);
	checkInteger("will.qos", will.qos, 0, 2);
	if (will.payload.length > 65_535) wrong("will.payload", "must be at most 65535 bytes");
	return will;
}

function wrong(option: string, what: string): never {
	throw new UsageError(`Option "${option}" ${what}.`);
}
