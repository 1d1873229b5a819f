import type { Protocol } from "../../../src/client/index.ts";
import { encodeUtf8, UsageError } from "../../../src/codec/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import { checkUpgrade } from "../../../src/websocket/index.ts";
import { BUILT, isHostName, isIPv4Address } from "../base.ts";
import type { TlsVersion } from "../tls/version.ts";
import { Block, type Config } from "./block.ts";

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
	/** The one version to speak; one before 1.2 takes a firmware that is built for it. */
	readonly tlsVersion: TlsVersion;
	/** The names of the bundled client certificate, its issuers after it, and of its key. */
	readonly clientIdentity: { readonly certificates: readonly string[]; readonly key: string } | undefined;
	/** Protocols to ask for by ALPN (RFC 7301), the best first. */
	readonly alpn: readonly string[] | undefined;
	/** The network to join and to keep; undefined: there is no Wi-Fi. */
	readonly wifi: { readonly ssid: string; readonly password: string | undefined } | undefined;
	/** Time servers, by name or IPv4 address, asked in this order where the time matters. */
	readonly ntp: readonly string[];
	/** Between two readings, until a command changes it. */
	readonly interval: Seconds;
	/** Name servers to ask instead of those that the network names. */
	readonly dns: readonly string[] | undefined;
	/** When the firmware was built, since 1970. */
	readonly buildTime: Seconds;
	/** A public ECDSA key on P-256, in DER and hexadecimal: offers of updates must be signed with it. */
	readonly updateKey: string | undefined;
}

/** The interval that a command or the configuration may set. */
export const INTERVAL_RANGE = { from: 1, to: 3_600 } as const;

const PROTOCOLS: readonly Protocol[] = ["3.1", "3.1.1", "5"];
/** Home Assistant's names. They have a block of their own, because `password` beside `ssid` is the one of the Wi-Fi. */
export const MQTT_KEYS = [
	...["broker", "port", "client_id", "keepalive", "username", "password", "protocol"],
	...["transport", "ws_path", "ws_headers"],
	...["certificate", "tls_insecure", "tls_version", "tls_alpn", "client_cert", "client_key"],
] as const;
const FIRMWARE_KEYS = ["interval", "dns", "ntp", "build_time", "update_key"] as const;
const TRANSPORTS = ["tcp", "websockets"] as const;
const DEFAULT_NTP: readonly string[] = ["pool.ntp.org"];
/** As the hub takes them; `tlsVersionOf` says which of them the device speaks. */
const TLS_VERSIONS = ["auto", "1.0", "1.1", "1.2", "1.3"] as const;

/**
 * Reads the blocks `mqtt` and `firmware`, and what mcconfig's command line has put beside them: `broker=…`, and with the
 * name of the block `mqtt.broker=…`, `firmware.interval=…`. Throws UsageError that names the key, and what it takes.
 */
export function readSettings(config: Config): Settings {
	const mqtt = new Block("mqtt", config, MQTT_KEYS, keysOutside(config));
	const firmware = new Block("firmware", config, FIRMWARE_KEYS);
	const certificate = mqtt.texts("certificate");
	const webSocket = webSocketOf(mqtt);
	const settings: Settings = {
		broker: brokerOf(mqtt),
		port: mqtt.integer("port", 1, 65_535) ?? defaultPort(webSocket !== undefined, certificate !== undefined),
		clientId: mqtt.text("client_id"),
		keepAlive: mqtt.integer("keepalive", 0, 65_535) ?? 60,
		username: mqtt.text("username"),
		password: mqtt.text("password", true),
		protocol: mqtt.choice("protocol", PROTOCOLS) ?? "3.1.1",
		webSocket,
		certificate,
		tlsInsecure: mqtt.flag("tls_insecure") ?? false,
		tlsVersion: tlsVersionOf(mqtt),
		clientIdentity: clientIdentityOf(mqtt),
		alpn: alpnOf(mqtt),
		wifi: wifiOf(config),
		ntp: timeServersOf(firmware),
		interval: firmware.integer("interval", INTERVAL_RANGE.from, INTERVAL_RANGE.to) ?? 5,
		dns: addressesOf(firmware),
		buildTime: firmware.integer("build_time", 0, 2 ** 40) ?? BUILT,
		updateKey: updateKeyOf(firmware),
	};
	if (certificate === undefined && settings.clientIdentity !== undefined) {
		throw new UsageError("config: mqtt.client_cert is given without mqtt.certificate: it is shown over TLS alone");
	}
	if (settings.tlsVersion !== "1.2" && settings.clientIdentity !== undefined) {
		throw new UsageError(
			"config: mqtt.client_cert needs TLS 1.2: leave out mqtt.tls_version, or the client certificate",
		);
	}
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
	if (mqtt.choice("transport", TRANSPORTS) === "websockets") {
		const request = { path: path ?? "/", headers: headers ?? {} };
		checkUpgrade({ host: "", ...request });
		return request;
	}
	if (path === undefined && headers === undefined) return undefined;
	throw new UsageError('config: mqtt.ws_path and mqtt.ws_headers need mqtt.transport "websockets"');
}

function tlsVersionOf(mqtt: Block): TlsVersion {
	const version = mqtt.choice("tls_version", TLS_VERSIONS) ?? "auto";
	if (version !== "1.3") return version === "auto" ? "1.2" : version;
	const remedy = "a hub between them can speak it, by a bridge with this tls_version";
	throw new UsageError(
		`config: mqtt.tls_version must be auto, 1.2, 1.1 or 1.0: the device speaks none above; ${remedy}`,
	);
}

function clientIdentityOf(mqtt: Block): Settings["clientIdentity"] {
	const [certificates, key] = [mqtt.texts("client_cert"), mqtt.text("client_key")];
	if (certificates !== undefined && key !== undefined) return { certificates, key };
	if (certificates === undefined && key === undefined) return undefined;
	throw new UsageError("config: mqtt.client_cert and mqtt.client_key need each other");
}

/** RFC 7301 section 3.1. */
function alpnOf(mqtt: Block): Settings["alpn"] {
	const names = mqtt.texts("tls_alpn");
	if (names?.every((name) => name.length < 256) ?? true) return names;
	throw new UsageError("config: mqtt.tls_alpn must be a list of names of 1 to 255 characters");
}

function defaultPort(isWebSocket: boolean, isTls: boolean): number {
	if (isWebSocket) return isTls ? 443 : 8080;
	return isTls ? 8883 : 1883;
}

/** `password` beside `ssid` is the one of the Wi-Fi, as everywhere with Moddable; the broker's is `mqtt.password` then. */
function keysOutside({ ssid }: Config): readonly string[] {
	return ssid ? MQTT_KEYS.filter((key) => key !== "password") : MQTT_KEYS;
}

function brokerOf(mqtt: Block): string {
	const broker = mqtt.text("broker");
	if (broker !== undefined && isHost(broker)) return broker;
	const what = "the broker's name or IPv4 address, without a scheme or a port";
	throw new UsageError(`config: mqtt.broker ${broker === undefined ? "is missing" : "is wrong"}: it is ${what}`);
}

/** Also with the dot of a name that is complete. */
function isHost(text: string): boolean {
	return !/[\s/:@]/.test(text) && isHostName(text.endsWith(".") ? text.slice(0, -1) : text);
}

function timeServersOf(firmware: Block): readonly string[] {
	const servers = firmware.texts("ntp") ?? DEFAULT_NTP;
	if (servers.every(isHost)) return servers;
	throw new UsageError("config: firmware.ntp must be a list of names or IPv4 addresses, without a scheme or a port");
}

function addressesOf(firmware: Block): readonly string[] | undefined {
	const addresses = firmware.texts("dns");
	if (addresses?.every(isIPv4Address) ?? true) return addresses;
	throw new UsageError("config: firmware.dns must be a list of IPv4 addresses");
}

/** The SubjectPublicKeyInfo of RFC 5480, which is the same for each uncompressed point on P-256 up to the point. */
function updateKeyOf(firmware: Block): string | undefined {
	const key = firmware.text("update_key")?.toLowerCase();
	if (key === undefined || /^3059301306072a8648ce3d020106082a8648ce3d03010703420004[0-9a-f]{128}$/.test(key))
		return key;
	const how = "openssl pkey -pubin -in KEY.pem -outform DER | xxd -p -c 200";
	throw new UsageError(
		`config: firmware.update_key must be a public ECDSA key on P-256, in DER and hexadecimal: ${how}`,
	);
}

/** Moddable's own names, outside of any block. IEEE 802.11 gives the lengths. */
function wifiOf({ ssid, password }: Config): Settings["wifi"] {
	if (ssid === undefined || ssid === "") return undefined;
	if (typeof ssid !== "string" || encodeUtf8(ssid).length > 32) {
		throw new UsageError("config: ssid must be text of at most 32 bytes: the Wi-Fi's name");
	}
	if (password === undefined || password === "") return { ssid, password: undefined };
	if (typeof password === "string" && password.length >= 8 && password.length <= 64) return { ssid, password };
	throw new UsageError("config: password must be text of 8 to 64 characters: the Wi-Fi's, not the broker's");
}
