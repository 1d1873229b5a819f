import type { Protocol } from "../../../src/client/index.ts";
import { UsageError } from "../../../src/codec/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";

/** What the manifest's `config` says, checked. */
export interface Settings {
	/** The broker's name or IPv4 address. */
	readonly broker: string;
	readonly port: number;
	/** Undefined: made from the chip's MAC address. */
	readonly clientId: string | undefined;
	readonly keepAlive: Seconds;
	readonly username: string | undefined;
	readonly password: string | undefined;
	/** The highest version to try. */
	readonly protocol: Protocol;
	/** MQTT in WebSocket messages; undefined: without. */
	readonly webSocket: { readonly path: string; readonly headers: Readonly<Record<string, string>> } | undefined;
	/** The names of bundled certificates; given, the connection is TLS. */
	readonly certificate: readonly string[] | undefined;
	/** Drops the host name check, and nothing else. */
	readonly tlsInsecure: boolean;
	/** The network to join and to keep; undefined: there is no Wi-Fi. */
	readonly wifi: { readonly ssid: string; readonly password: string | undefined } | undefined;
	/** Time servers, by name or IPv4 address, asked in this order where the time matters. */
	readonly ntp: readonly string[];
	/** Between two readings, until a command changes it. */
	readonly interval: Seconds;
	/** Name servers to ask instead of those that the network names. */
	readonly dns: readonly string[] | undefined;
	/** When the firmware was built, since 1970; 0: not known. */
	readonly buildTime: Seconds;
}

/** The interval that a command or the configuration may set. */
export const INTERVAL_RANGE = { from: 1, to: 3_600 } as const;

const PROTOCOLS: readonly Protocol[] = ["3.1", "3.1.1", "5"];
/** Home Assistant's names. They have a block of their own, because `password` beside `ssid` is the one of the Wi-Fi. */
const MQTT_KEYS = [
	...["broker", "port", "client_id", "keepalive", "username", "password", "protocol"],
	...["transport", "ws_path", "ws_headers"],
	...["certificate", "tls_insecure", "tls_version"],
] as const;
const FIRMWARE_KEYS = ["interval", "dns", "ntp", "build_time"] as const;
const TRANSPORTS = ["tcp", "websockets"] as const;
const DEFAULT_NTP: readonly string[] = ["pool.ntp.org"];
/** 1.0 and 1.1 are out of use (RFC 8996), and the SDK's TLS knows none above 1.2. */
const TLS_VERSIONS = ["auto", "1.2"] as const;

/** Reads the blocks `mqtt` and `firmware`. Throws UsageError that names the key, and what it takes. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
	const mqtt = new Block("mqtt", config.mqtt, MQTT_KEYS);
	const firmware = new Block("firmware", config.firmware, FIRMWARE_KEYS);
	const certificate = mqtt.texts("certificate");
	const webSocket = webSocketOf(mqtt);
	const settings: Settings = {
		broker: mqtt.text("broker") ?? missing("mqtt.broker", "the broker's name or IPv4 address"),
		port: mqtt.integer("port", 1, 65_535) ?? defaultPort(webSocket !== undefined, certificate !== undefined),
		clientId: mqtt.text("client_id"),
		keepAlive: mqtt.integer("keepalive", 0, 65_535) ?? 60,
		username: mqtt.text("username"),
		password: mqtt.text("password", true),
		protocol: mqtt.choice("protocol", PROTOCOLS) ?? "3.1.1",
		webSocket,
		certificate,
		tlsInsecure: mqtt.flag("tls_insecure") ?? false,
		wifi: wifiOf(config),
		ntp: firmware.texts("ntp") ?? DEFAULT_NTP,
		interval: firmware.integer("interval", INTERVAL_RANGE.from, INTERVAL_RANGE.to) ?? 5,
		dns: firmware.texts("dns"),
		buildTime: firmware.integer("build_time", 0, 2 ** 40) ?? 0,
	};
	mqtt.choice("tls_version", TLS_VERSIONS);
	// [MQTT-3.1.2-22]
	if (settings.password !== undefined && settings.username === undefined) {
		throw new UsageError("config: mqtt.password is given without mqtt.username: give both, or neither");
	}
	return settings;
}

/** As Home Assistant asks for it when a broker is set up. */
function webSocketOf(mqtt: Block): Settings["webSocket"] {
	const path = mqtt.text("ws_path");
	const headers = mqtt.textsByName("ws_headers");
	if (mqtt.choice("transport", TRANSPORTS) === "websockets") return { path: path ?? "/", headers: headers ?? {} };
	if (path === undefined && headers === undefined) return undefined;
	throw new UsageError('config: mqtt.ws_path and mqtt.ws_headers need mqtt.transport "websockets"');
}

function defaultPort(isWebSocket: boolean, isTls: boolean): number {
	if (isWebSocket) return isTls ? 443 : 8080;
	return isTls ? 8883 : 1883;
}

/** Moddable's own names, outside of any block. */
function wifiOf({ ssid, password }: Readonly<Record<string, unknown>>): Settings["wifi"] {
	if (typeof ssid !== "string" || ssid === "") return undefined;
	return { ssid, password: typeof password === "string" && password !== "" ? password : undefined };
}

/** One object of the configuration, with the keys that it may have. A key may be absent; a wrong value is an error. */
class Block {
	readonly #name: string;
	readonly #values: Readonly<Record<string, unknown>>;

	constructor(name: string, block: unknown, keys: readonly string[]) {
		this.#name = name;
		if (block !== undefined && (typeof block !== "object" || block === null)) {
			throw new UsageError(`config: ${name} must be an object`);
		}
		this.#values = (block ?? {}) as Readonly<Record<string, unknown>>;
		for (const key of Object.keys(this.#values)) {
			if (!keys.includes(key)) throw new UsageError(`config: unknown key ${name}.${key} (known: ${keys.join(", ")})`);
		}
	}

	text(key: string, isSecret = false): string | undefined {
		const value = this.#values[key];
		if (value === undefined || (typeof value === "string" && value !== "")) return value;
		return this.refuse(key, isSecret ? "what is given" : value, "text that is not empty");
	}

	texts(key: string): readonly string[] | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		if (isTexts(value)) return value;
		return this.refuse(key, value, "a list of texts");
	}

	/** Values may be secret, and are not repeated. */
	textsByName(key: string): Readonly<Record<string, string>> | undefined {
		const value = this.#values[key];
		if (value === undefined || isTextsByName(value)) return value;
		return this.refuse(key, "what is given", "an object of texts");
	}

	flag(key: string): boolean | undefined {
		const value = this.#values[key];
		if (value === undefined || typeof value === "boolean") return value;
		return this.refuse(key, value, "true or false");
	}

	integer(key: string, from: number, to: number): number | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= to) return value;
		return this.refuse(key, value, `a whole number from ${from} to ${to}`);
	}

	choice<T extends string>(key: string, words: readonly T[]): T | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		return words.find((word) => word === value) ?? this.refuse(key, value, `one of ${words.join(", ")}`);
	}

	private refuse(key: string, value: unknown, allowed: string): never {
		throw new UsageError(`config: ${this.#name}.${key} must be ${allowed}, not ${JSON.stringify(value)}`);
	}
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isTextsByName(value: unknown): value is Readonly<Record<string, string>> {
	return typeof value === "object" && value !== null && isTexts(Object.values(value));
}

function missing(key: string, what: string): never {
	throw new UsageError(`config: ${key} is missing: ${what}`);
}
