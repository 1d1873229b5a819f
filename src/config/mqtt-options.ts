import { topicFilterFault, topicNameFault } from "../topic/index.ts";
import {
	boolean,
	choice,
	type FieldValues,
	integer,
	list,
	optional,
	type Reader,
	reader,
	record,
	refined,
	secret,
	text,
	withDefault,
} from "./readers.ts";
import type { Path, Report } from "./report.ts";
import type { Secret } from "./secret.ts";

/** The version at the top of the client's fallback ladder. */
export type Protocol = "3.1" | "3.1.1" | "5";

/** The oldest TLS version that is accepted; `auto` leaves it to the platform. */
export type TlsVersion = "auto" | "1.0" | "1.1" | "1.2" | "1.3";

/** How to reach a broker: the options of Home Assistant's `mqtt:` block, the same on the hub and on the device. */
export interface MqttOptions {
	/** Host name or address. */
	readonly broker: string;
	readonly port: number;
	/** Undefined: the client makes one up. */
	readonly clientId: string | undefined;
	/** Seconds; 0 is off. */
	readonly keepAlive: number;
	readonly username: string | undefined;
	readonly password: Secret | undefined;
	readonly protocol: Protocol;
	/** Undefined: no TLS. */
	readonly tls: TlsOptions | undefined;
	/** Published retained or not when the connection stands. */
	readonly birthMessage: StatusMessage | undefined;
	readonly willMessage: StatusMessage | undefined;
}

export interface TlsOptions {
	/** Where the roots are: a PEM file's path, or `auto` for those of the platform. */
	readonly certificate: string;
	/** Drops the check of the host name; the chain is checked all the same. */
	readonly insecure: boolean;
	readonly minVersion: TlsVersion;
	/** Protocols to ask for by ALPN (RFC 7301), the best first. Undefined: none is asked for. */
	readonly alpn: readonly string[] | undefined;
	/** What this client shows of itself: PEM files' paths. */
	readonly client: { readonly certificate: string; readonly key: string } | undefined;
}

export interface StatusMessage {
	readonly topic: string;
	readonly payload: string;
	readonly qos: 0 | 1 | 2;
	readonly retain: boolean;
}

/** What an absent key stands for. */
export const MQTT_DEFAULTS = { port: 1883, keepAlive: 60, protocol: "3.1.1", tlsVersion: "auto" } as const;

/** QoS levels as numbers. */
export function qos(): Reader<0 | 1 | 2> {
	return refined(integer(0, 2), (level) => level as 0 | 1 | 2);
}

/** A topic that can be published to. */
export function topicName(): Reader<string> {
	return refined(text("a topic name"), (name, path, report) => checked(name, topicNameFault(name), path, report));
}

/** A topic filter that can be subscribed to. */
export function topicFilter(): Reader<string> {
	return refined(text("a topic filter"), (filter, path, report) => {
		return checked(filter, topicFilterFault(filter), path, report);
	});
}

function checked(topic: string, fault: string | undefined, path: Path, report: Report): string | undefined {
	if (fault === undefined) return topic;
	report.error(path, `"${topic}" ${fault}`);
	return undefined;
}

const host = reader(
	"a host name or an address, without mqtt:// and without a port",
	(value) => {
		if (typeof value !== "string" || value === "") return undefined;
		for (const character of "/@#?[] \t") if (value.includes(character)) return undefined;
		// One colon is a port behind a name; an IPv6 address has two at least.
		return value.split(":").length === 2 ? undefined : value;
	},
	() => "this value", // It may be a URL with a password in it.
);

/** RFC 7301 section 3.1. Names are ASCII in practice: 255 octets. */
const protocolName = reader("a protocol's name of 1 to 255 ASCII characters", (value) =>
	typeof value === "string" && isProtocolName(value) ? value : undefined,
);

function isProtocolName(name: string): boolean {
	if (name.length === 0 || name.length > 255) return false;
	for (const character of name) if (character < "!" || character > "~") return false;
	return true;
}

const statusMessage = record({
	topic: topicName(),
	payload: text(),
	qos: withDefault(qos(), 0),
	retain: withDefault(boolean(), false),
});

/** The keys of the block, as the file spells them. A bridge has them too. */
export const MQTT_FIELDS = {
	broker: host,
	port: withDefault(integer(1, 65_535), MQTT_DEFAULTS.port),
	client_id: optional(text()),
	keepalive: withDefault(integer(0, 65_535), MQTT_DEFAULTS.keepAlive),
	username: optional(text()),
	password: optional(secret()),
	protocol: withDefault(choice(["3.1", "3.1.1", "5"]), MQTT_DEFAULTS.protocol),
	certificate: optional(text("auto, or the path of a PEM file")),
	tls_insecure: withDefault(boolean(), false),
	tls_version: withDefault(choice(["auto", "1.0", "1.1", "1.2", "1.3"]), MQTT_DEFAULTS.tlsVersion),
	tls_alpn: optional(list(protocolName, true)),
	client_cert: optional(text("the path of a PEM file")),
	client_key: optional(text("the path of a PEM file")),
	birth_message: optional(statusMessage),
	will_message: optional(statusMessage),
} as const;

type MqttFields = FieldValues<typeof MQTT_FIELDS>;

/** The block as a whole. */
export const mqttOptions: Reader<MqttOptions> = refined(record(MQTT_FIELDS), toMqttOptions);

/** Reads the block's values, checked one by one, against each other. */
export function toMqttOptions(fields: MqttFields, path: Path, report: Report): MqttOptions | undefined {
	const before = report.errors.length;
	if (fields.password !== undefined && fields.username === undefined) {
		report.error([...path, "password"], "needs a username beside it", "key");
	}
	const tls = tlsOptions(fields, path, report);
	if (report.errors.length > before) return undefined;
	return {
		broker: fields.broker,
		port: fields.port,
		clientId: fields.client_id,
		keepAlive: fields.keepalive,
		username: fields.username,
		password: fields.password,
		protocol: fields.protocol,
		tls,
		birthMessage: fields.birth_message,
		willMessage: fields.will_message,
	};
}

function tlsOptions(fields: MqttFields, path: Path, report: Report): TlsOptions | undefined {
	const { client_cert: certificate, client_key: key } = fields;
	if ((certificate === undefined) !== (key === undefined)) {
		const [given, missing] = key === undefined ? ["client_cert", "client_key"] : ["client_key", "client_cert"];
		report.error([...path, given], `needs ${missing} beside it`, "key");
		return undefined;
	}
	const roots = fields.certificate ?? (isHostedTlsPort(fields) ? "auto" : undefined);
	if (roots === undefined) {
		// Not an error: Home Assistant takes these without effect. But the connection is not encrypted, so say it.
		if (certificate !== undefined) report.error([...path, "client_cert"], "needs certificate beside it", "key");
		const unused = unusedTlsKey(fields);
		if (unused !== undefined) report.notice([...path, unused], "has no effect without certificate: no TLS is used");
		return undefined;
	}
	return {
		certificate: roots,
		insecure: fields.tls_insecure,
		minVersion: fields.tls_version,
		alpn: fields.tls_alpn,
		client: certificate === undefined || key === undefined ? undefined : { certificate, key },
	};
}

/** The first key that means nothing without TLS. */
function unusedTlsKey(fields: MqttFields): string | undefined {
	if (fields.tls_insecure) return "tls_insecure";
	if (fields.tls_alpn !== undefined) return "tls_alpn";
	return fields.tls_version === "auto" ? undefined : "tls_version";
}

// CloudMQTT's ports for TLS; Home Assistant has always used its own roots there without being asked.
function isHostedTlsPort(fields: { readonly broker: string; readonly port: number }): boolean {
	return fields.port >= 20_000 && fields.port <= 30_000 && fields.broker.toLowerCase().endsWith(".cloudmqtt.com");
}
