import {
	boolean,
	choice,
	type FieldValues,
	integer,
	mapping,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	text,
} from "../../../src/config/index.ts";
import { endpoint } from "./endpoint.ts";
import type { FileReaders } from "./file-readers.ts";
import { checkEndpoints, type ListenerDraft } from "./listener-settings.ts";
import type { ListenerTlsSettings } from "./settings.ts";

function listenerFields(files: FileReaders) {
	return {
		type: optional(choice(["tcp", "ws"])),
		bind: optional(endpoint),
		// HBMQTT documents the first and reads the second.
		"max-connections": optional(integer(0, 1_000_000)),
		max_connections: optional(integer(0, 1_000_000)),
		ssl: optional(boolean()),
		cafile: optional(files.file),
		capath: optional(files.folder),
		cadata: optional(text("certificates in PEM")),
		certfile: optional(files.file),
		keyfile: optional(files.file),
	};
}

type Fields = FieldValues<ReturnType<typeof listenerFields>>;

const TLS_KEYS = ["cafile", "capath", "cadata", "certfile", "keyfile"] as const;

/** `listeners:` of HBMQTT: every entry starts as a copy of `default`. */
export function hbmqttListeners(files: FileReaders): Reader<readonly ListenerDraft[]> {
	return refined(mapping(record(listenerFields(files))), (entries, path, report) => {
		const before = report.errors.length;
		const lent = entries.get("default");
		if (lent === undefined) {
			report.error(path, "has no default; it may be empty of bind, and then only lends its values to the others");
			return undefined;
		}
		const listeners: ListenerDraft[] = [];
		for (const [name, own] of entries) {
			const fields = { ...lent, ...defined(own) };
			checkOwn(name, own, fields, [...path, name], report);
			if (fields.bind !== undefined) listeners.push(toListener(name, fields, fields.bind, [...path, name], report));
		}
		if (report.errors.length === before && listeners.length === 0)
			report.error(path, "has no bind anywhere: nothing would listen");
		checkEndpoints(listeners, path, report);
		return report.errors.length > before ? undefined : listeners;
	});
}

function defined(own: Fields): Partial<Fields> {
	return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

function checkOwn(name: string, own: Fields, fields: Fields, path: Path, report: Report): void {
	if (fields.bind === undefined && name !== "default")
		report.error(path, "needs bind: neither it nor default has one", "key");
	if (own["max-connections"] !== undefined && own.max_connections !== undefined) {
		report.error([...path, "max_connections"], "says the same as max-connections: leave one of them out", "key");
	}
	const unused = TLS_KEYS.find((key) => own[key] !== undefined);
	if (unused !== undefined && fields.ssl === undefined) {
		report.error([...path, unused], "has no effect without ssl: on, and the listener would not be encrypted", "key");
	}
}

function toListener(
	name: string,
	fields: Fields,
	{ host, port }: NonNullable<Fields["bind"]>,
	path: Path,
	report: Report,
): ListenerDraft {
	const isWebSocket = fields.type === "ws";
	const tls = fields.ssl === true ? tlsOf(fields, path, report) : undefined;
	const limit = fields["max-connections"] ?? fields.max_connections;
	return {
		name,
		type: isWebSocket ? (tls === undefined ? "ws" : "wss") : tls === undefined ? "tcp" : "tls",
		host,
		port,
		allowAnonymous: undefined,
		maxConnections: limit === 0 ? undefined : limit,
		maxPacket: undefined,
		tls,
		webSocket: isWebSocket ? { path: undefined, origins: undefined } : undefined,
	};
}

function tlsOf(fields: Fields, path: Path, report: Report): ListenerTlsSettings | undefined {
	const { certfile, keyfile, cafile: file, capath: folder, cadata: text } = fields;
	if (certfile === undefined || keyfile === undefined) {
		report.error(path, `needs ${certfile === undefined ? "certfile" : "keyfile"}, for ssl is on`, "key");
		return undefined;
	}
	const hasCa = file !== undefined || folder !== undefined || text !== undefined;
	return {
		certificate: certfile,
		key: keyfile,
		clientCa: { file, folder, text },
		clientCertificate: hasCa ? "optional" : "ignored",
		identityAsUsername: false,
		minVersion: "1.2",
	};
}
