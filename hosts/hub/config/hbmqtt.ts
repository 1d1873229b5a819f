import {
	type FieldValues,
	integer,
	list,
	optional,
	type Path,
	qos,
	type Reader,
	type Report,
	record,
	refined,
	text,
	withDefault,
} from "../../../src/config/index.ts";
import type { AuthBlock } from "./auth-settings.ts";
import type { FileReaders } from "./file-readers.ts";
import { DEFAULT_HBMQTT_AUTH, hbmqttAuth } from "./hbmqtt-auth.ts";
import { hbmqttListeners } from "./hbmqtt-listeners.ts";
import { hbmqttTopicCheck } from "./hbmqtt-topic-check.ts";
import type { ListenerDraft } from "./listener-settings.ts";
import type { AccessSettings } from "./settings.ts";

/** A broker as an HBMQTT configuration describes it. */
export interface EmbeddedBroker {
	readonly listeners: readonly ListenerDraft[];
	readonly auth: AuthBlock;
	readonly access: AccessSettings;
	/** Seconds; 0 is off; undefined: as usual. */
	readonly sysInterval: number | undefined;
	readonly maxQos: 0 | 1 | 2;
}

function configFields(files: FileReaders) {
	return {
		listeners: hbmqttListeners(files),
		auth: optional(hbmqttAuth(files)),
		"topic-check": withDefault<AccessSettings>(hbmqttTopicCheck(), { kind: "open" }),
		sys_interval: withDefault(integer(0, 86_400), 0),
		"max-qos": withDefault(qos(), 2),
		"timeout-disconnect-delay": optional(integer(0, 86_400)),
		plugins: optional(list(text("a plugin's name"))),
		persistence: optional(record({ file: optional(text("a path")) })),
	};
}

type Fields = FieldValues<ReturnType<typeof configFields>>;

/**
 * A configuration of HBMQTT, or of aMQTT before 0.11. What HBMQTT ignores by mistake is honoured or refused here, what
 * it would leave open is refused, and what has no meaning here is pointed out.
 */
export function hbmqttConfig(files: FileReaders): Reader<EmbeddedBroker> {
	return refined(record(configFields(files)), (fields, path, report) => {
		noticeUnused(fields, path, report);
		if (fields.auth === undefined) report.notice(path, "has no auth: anonymous clients are let in, as by HBMQTT");
		return {
			listeners: fields.listeners,
			auth: fields.auth ?? DEFAULT_HBMQTT_AUTH,
			access: fields["topic-check"],
			sysInterval: fields.sys_interval,
			maxQos: fields["max-qos"],
		};
	});
}

const UNUSED = {
	"timeout-disconnect-delay": "has no effect: a client has one and a half times its keep alive, as MQTT says",
	plugins: "has no effect, in HBMQTT neither: auth.plugins and topic-check.plugins count",
	persistence: "has no effect, in HBMQTT neither: this broker's own store keeps sessions and messages",
} as const;

function noticeUnused(fields: Fields, path: Path, report: Report): void {
	for (const [key, message] of Object.entries(UNUSED)) {
		if (fields[key as keyof typeof UNUSED] !== undefined) report.notice([...path, key], message);
	}
}
