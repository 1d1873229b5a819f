import {
	boolean,
	EMBEDDED_DEFAULTS,
	type FieldValues,
	MQTT_DEFAULTS,
	type MqttOptions,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	text,
	toMqttOptions,
} from "../../../src/config/index.ts";
import { INSIDER } from "../insiders.ts";
import type { AuthBlock } from "./auth-settings.ts";
import { connectionFields } from "./bridge-settings.ts";
import type { FileReaders } from "./file-readers.ts";
import { type EmbeddedBroker, hbmqttConfig } from "./hbmqtt.ts";
import type { ListenerDraft } from "./listener-settings.ts";
import type { UserSettings } from "./settings.ts";

/** What Home Assistant's `mqtt:` block comes to: a broker here, or a connection to one elsewhere. */
export interface MqttBlock extends EmbeddedBroker {
	readonly connection: MqttOptions | undefined;
}

function blockFields(files: FileReaders) {
	const fields = connectionFields(files);
	return {
		...fields,
		broker: optional(fields.broker),
		port: optional(fields.port),
		keepalive: optional(fields.keepalive),
		protocol: optional(fields.protocol),
		embedded: embedded(files),
		// Home Assistant's own: what it does with messages, not how it gets them.
		discovery: optional(boolean()),
		discovery_prefix: optional(text()),
	};
}

type Fields = FieldValues<ReturnType<typeof blockFields>>;

/** `embedded:` with nothing behind it is Home Assistant's own configuration. */
function embedded(files: FileReaders): Reader<EmbeddedBroker | "default" | undefined> {
	const inner = hbmqttConfig(files);
	return {
		allowed: inner.allowed,
		read(value, path, report) {
			if (value === undefined) return undefined;
			return value === null ? "default" : inner.read(value, path, report);
		},
	};
}

/** `mqtt:`, which may be empty. Undefined: the key is absent. */
export function mqttBlock(files: FileReaders): Reader<MqttBlock | undefined> {
	const inner = refined(record(blockFields(files)), toBlock);
	return {
		allowed: inner.allowed,
		read(value, path, report) {
			return value === undefined ? undefined : inner.read(value ?? {}, path, report);
		},
	};
}

function toBlock(fields: Fields, path: Path, report: Report): MqttBlock | undefined {
	const { broker, embedded } = fields;
	if (broker !== undefined && embedded === undefined) return connectionTo(broker, fields, path, report);
	noticeUnused(fields, path, report);
	refuseInsider(fields, path, report);
	if (embedded === undefined || embedded === "default") return { ...embeddedDefault(fields), connection: undefined };
	const users = [...embedded.auth.users, ...givenUser(fields)];
	return { ...embedded, auth: { ...embedded.auth, users }, connection: undefined };
}

function connectionTo(broker: string, fields: Fields, path: Path, report: Report): MqttBlock | undefined {
	const connection = toMqttOptions(
		{
			...fields,
			broker,
			port: fields.port ?? MQTT_DEFAULTS.port,
			keepalive: fields.keepalive ?? MQTT_DEFAULTS.keepAlive,
			protocol: fields.protocol ?? MQTT_DEFAULTS.protocol,
		},
		path,
		report,
	);
	if (connection === undefined) return undefined;
	return { listeners: [], auth: NO_USERS, access: { kind: "open" }, connection, sysInterval: 0, maxQos: 2 };
}

const NO_USERS: AuthBlock = {
	allowAnonymous: false,
	checkPasswords: true,
	users: [],
	passwordFiles: [],
	generatedUser: undefined,
};

/** What describes a connection says nothing of the broker that is started here. Home Assistant ignores it as well. */
function noticeUnused(fields: Fields, path: Path, report: Report): void {
	const unused = [
		"broker",
		"port",
		"client_id",
		"keepalive",
		"protocol",
		"certificate",
		"birth_message",
		"will_message",
	];
	for (const key of unused) {
		if (fields[key as keyof Fields] === undefined) continue;
		report.notice([...path, key], "has no effect: the broker runs here, and this describes a connection to one");
	}
}

/** Here it is a user of the broker, and not only what a client says. */
function refuseInsider({ username }: Fields, path: Path, report: Report): void {
	if (username !== INSIDER) return;
	report.error([...path, "username"], "is that of the hub's own bridges: nobody else gets in by it");
}

function embeddedDefault(fields: Fields): EmbeddedBroker {
	const users = givenUser(fields);
	const generatedUser = users.length > 0 ? undefined : (fields.username ?? EMBEDDED_DEFAULTS.username);
	return {
		listeners: [
			{ ...listener("default"), ...EMBEDDED_DEFAULTS.tcp, type: "tcp", webSocket: undefined },
			{ ...listener("ws-1"), ...EMBEDDED_DEFAULTS.ws, type: "ws", webSocket: { path: undefined, origins: undefined } },
		],
		auth: { ...NO_USERS, users, generatedUser },
		access: { kind: "open" },
		sysInterval: undefined,
		maxQos: 2,
	};
}

function listener(
	name: string,
): Pick<ListenerDraft, "name" | "allowAnonymous" | "maxConnections" | "maxPacket" | "tls"> {
	const { maxConnections } = EMBEDDED_DEFAULTS;
	return { name, allowAnonymous: false, maxConnections, maxPacket: undefined, tls: undefined };
}

function givenUser({ username, password }: Fields): readonly UserSettings[] {
	if (password === undefined) return [];
	return [{ name: username ?? EMBEDDED_DEFAULTS.username, kind: "plain", secret: password }];
}
