import {
	type FieldValues,
	integer,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	withDefault,
} from "../../../src/config/index.ts";
import { accessSettings } from "./access-settings.ts";
import { type AuthBlock, authBlock, DEFAULT_AUTH } from "./auth-settings.ts";
import { bridgeSettings } from "./bridge-settings.ts";
import { type FileReaders, fileReaders } from "./file-readers.ts";
import { freeze } from "./freeze.ts";
import { reportFutile } from "./futile.ts";
import { type MqttBlock, mqttBlock } from "./home-assistant.ts";
import { DEFAULT_LIMITS, limitSettings } from "./limit-settings.ts";
import { type ListenerDraft, listenerSettings } from "./listener-settings.ts";
import {
	DEFAULT_HTTP,
	DEFAULT_LOG,
	DEFAULT_STORE,
	DEFAULT_SYS_INTERVAL,
	httpSettings,
	logSettings,
	storeSettings,
} from "./service-settings.ts";
import type { AccessSettings, HubSettings, ListenerSettings } from "./settings.ts";

/** What a hub opens that was told nothing: to this machine alone. */
const DEFAULT_LISTENERS: readonly ListenerDraft[] = [
	{ ...plainListener("default", 1883), type: "tcp" },
	{ ...plainListener("websocket", 8080), type: "ws", webSocket: { path: undefined, origins: undefined } },
];

function plainListener(name: string, port: number): Omit<ListenerDraft, "type"> {
	return {
		name,
		host: "127.0.0.1",
		port,
		allowAnonymous: undefined,
		maxConnections: undefined,
		maxPacket: undefined,
		tls: undefined,
		webSocket: undefined,
	};
}

const OPEN: AccessSettings = { kind: "open" };

function settingsFields(files: FileReaders) {
	return {
		mqtt: mqttBlock(files),
		listeners: optional(listenerSettings(files)),
		auth: optional(authBlock(files)),
		acl: optional(accessSettings(files)),
		bridges: withDefault(bridgeSettings(files), []),
		store: withDefault(storeSettings(files), DEFAULT_STORE),
		limits: withDefault(limitSettings, DEFAULT_LIMITS),
		log: withDefault(logSettings, DEFAULT_LOG),
		http: withDefault(httpSettings, DEFAULT_HTTP),
		sys_interval: optional(integer(0, 86_400)),
		data: optional(files.newFolder),
	};
}

type Fields = FieldValues<ReturnType<typeof settingsFields>>;

/** A whole configuration. `folder` is where its relative paths start; `named` gets the files that it names. */
export function hubSettings(folder: string, named: Set<string>): Reader<HubSettings> {
	return refined(record(settingsFields(fileReaders(folder, named))), (fields, path, report) => {
		const { mqtt } = fields;
		if (mqtt !== undefined) refuseBesideMqtt(fields, path, report);
		const { auth, access, listeners } = mqtt ?? ownBroker(fields);
		const { allowAnonymous, ...authSettings } = auth;
		const opened = listeners.map((each) => ({ ...each, allowAnonymous: each.allowAnonymous ?? allowAnonymous }));
		if (opened.length > 0) checkEntrance(opened, auth, [...path, mqtt === undefined ? "auth" : "mqtt"], report);
		if (mqtt?.connection !== undefined && fields.bridges.length > 0) {
			report.error([...path, "bridges"], "need a broker here; mqtt: broker: starts none", "key");
		}
		const settings: HubSettings = {
			listeners: opened,
			auth: authSettings,
			access,
			connection: mqtt?.connection,
			bridges: fields.bridges,
			store: fields.store,
			limits: { ...fields.limits, maxQos: mqtt?.maxQos ?? fields.limits.maxQos },
			log: fields.log,
			http: fields.http,
			sysInterval: fields.sys_interval ?? mqtt?.sysInterval ?? DEFAULT_SYS_INTERVAL,
			dataFolder: fields.data,
		};
		if (mqtt === undefined) reportFutile(settings, report);
		return freeze(settings);
	});
}

function ownBroker(fields: Fields): Pick<MqttBlock, "listeners" | "auth" | "access"> {
	return {
		listeners: fields.listeners ?? DEFAULT_LISTENERS,
		auth: fields.auth ?? DEFAULT_AUTH,
		access: fields.acl ?? OPEN,
	};
}

function refuseBesideMqtt(fields: Fields, path: Path, report: Report): void {
	for (const key of ["listeners", "auth", "acl"] as const) {
		if (fields[key] === undefined) continue;
		report.error([...path, key], "cannot be beside mqtt, which has its own listeners and users", "key");
	}
}

/** A broker that lets nobody in is a mistake, not a wish. */
function checkEntrance(listeners: readonly ListenerSettings[], auth: AuthBlock, path: Path, report: Report): void {
	const hasUsers = auth.users.length + auth.passwordFiles.length > 0 || auth.generatedUser !== undefined;
	if (hasUsers || !auth.checkPasswords) return;
	if (listeners.some(({ allowAnonymous, tls }) => allowAnonymous || tls?.identityAsUsername === true)) return;
	report.error(path, "nobody could connect: there are no users, no password file and no anonymous clients");
}
