import { isIP, isIPv4 } from "node:net";
import {
	boolean,
	choice,
	type FieldValues,
	integer,
	list,
	mapping,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	text,
	withDefault,
} from "../../../src/config/index.ts";
import { type Endpoint, endpoint, endpointText } from "./endpoint.ts";
import type { FileReaders } from "./file-readers.ts";
import { LIMIT_KEYS } from "./limit-settings.ts";
import type { ListenerSettings, ListenerTlsSettings, ListenerType, WebSocketSettings } from "./settings.ts";

/** What one listener of `listeners:` may say. */
function listenerFields(files: FileReaders) {
	return {
		type: withDefault(choice(["tcp", "tls", "ws", "wss"]), "tcp"),
		bind: endpoint,
		allow_anonymous: optional(boolean()),
		max_connections: optional(integer(1, 1_000_000)),
		max_packet: optional(LIMIT_KEYS.max_packet.read),
		certificate: optional(files.fileOrAuto),
		key: optional(files.file),
		ca: optional(files.file),
		ca_folder: optional(files.folder),
		ca_data: optional(text("PEM text")),
		require_certificate: withDefault(boolean(), false),
		use_identity_as_username: withDefault(boolean(), false),
		tls_version: optional(choice(["auto", "1.2", "1.3"])),
		path: optional(text("a path that starts with /")),
		origins: optional(list(text("an origin such as https://example.org"), true)),
	};
}

type Fields = FieldValues<ReturnType<typeof listenerFields>>;

const TLS_KEYS = ["certificate", "key", "ca", "ca_folder", "ca_data", "tls_version"] as const;
const WEBSOCKET_KEYS = ["path", "origins"] as const;

/** A listener that may leave it to `auth:` whether it lets anonymous clients in. */
export type ListenerDraft = Omit<ListenerSettings, "allowAnonymous"> & { readonly allowAnonymous: boolean | undefined };

/** `listeners:`, by name. */
export function listenerSettings(files: FileReaders): Reader<readonly ListenerDraft[]> {
	return refined(mapping(record(listenerFields(files))), (listeners, path, report) => {
		const before = report.errors.length;
		if (listeners.size === 0) report.error(path, "is empty; it takes at least one listener");
		const settings = [...listeners].map(([name, fields]) => {
			return toListener(name, fields, [...path, name], report);
		});
		checkEndpoints(settings, path, report);
		return report.errors.length > before ? undefined : settings;
	});
}

function toListener(name: string, fields: Fields, path: Path, report: Report): ListenerDraft {
	const { type, bind } = fields;
	return {
		name,
		type,
		host: bind.host,
		port: bind.port,
		allowAnonymous: fields.allow_anonymous,
		maxConnections: fields.max_connections,
		maxPacket: fields.max_packet,
		tls: isTls(type) ? tlsOf(fields, path, report) : refuseTls(fields, path, report),
		webSocket: isWebSocket(type) ? webSocketOf(fields, path, report) : refuseWebSocket(fields, path, report),
	};
}

export function isTls(type: ListenerType): boolean {
	return type === "tls" || type === "wss";
}

export function isWebSocket(type: ListenerType): boolean {
	return type === "ws" || type === "wss";
}

function tlsOf(fields: Fields, path: Path, report: Report): ListenerTlsSettings {
	const certificate = fields.certificate ?? "auto";
	const hasCa = fields.ca !== undefined || fields.ca_folder !== undefined || fields.ca_data !== undefined;
	const fail = (key: string, message: string) => report.error([...path, key], message, "key");
	if (fields.key !== undefined && certificate === "auto") fail("key", "needs certificate beside it");
	if (fields.require_certificate && !hasCa)
		fail("require_certificate", "needs ca, what the certificates are checked against");
	if (fields.use_identity_as_username && !fields.require_certificate) {
		fail("use_identity_as_username", "needs require_certificate: true, for without a certificate there is no name");
	}
	return {
		certificate,
		key: fields.key,
		clientCa: { file: fields.ca, folder: fields.ca_folder, text: fields.ca_data },
		clientCertificate: fields.require_certificate ? "required" : hasCa ? "optional" : "ignored",
		identityAsUsername: fields.use_identity_as_username,
		minVersion: fields.tls_version === "1.3" ? "1.3" : "1.2",
	};
}

function refuseTls(fields: Fields, path: Path, report: Report): undefined {
	const given: string[] = TLS_KEYS.filter((key) => fields[key] !== undefined);
	if (fields.require_certificate) given.push("require_certificate");
	if (fields.use_identity_as_username) given.push("use_identity_as_username");
	for (const key of given)
		report.error([...path, key], `is for listeners of type tls or wss; this one is ${fields.type}`, "key");
}

function webSocketOf(fields: Fields, path: Path, report: Report): WebSocketSettings {
	if (fields.path !== undefined) checkPath(fields.path, [...path, "path"], report);
	for (const [index, origin] of (fields.origins ?? []).entries()) {
		if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
			report.error(
				[...path, "origins", index],
				`"${origin}" is not an origin such as https://example.org or http://hub.local:8123`,
			);
		}
	}
	return { path: fields.path, origins: fields.origins };
}

/** As it stands in a request, where other characters are encoded and the rest of the URL is not looked at. */
function checkPath(text: string, path: Path, report: Report): void {
	if (!text.startsWith("/")) report.error(path, "must start with /");
	else if (!/^[!-~]+$/.test(text) || /[?#]/.test(text)) {
		report.error(path, `"${text}" is not as a request says it: no ?, no #, and other characters than ASCII as %XX`);
	}
}

function refuseWebSocket(fields: Fields, path: Path, report: Report): undefined {
	for (const key of WEBSOCKET_KEYS) {
		if (fields[key] === undefined) continue;
		report.error([...path, key], `is for listeners of type ws or wss; this one is ${fields.type}`, "key");
	}
}

/** Two listeners cannot have one address. */
export function checkEndpoints(listeners: readonly ListenerDraft[], path: Path, report: Report): void {
	for (const [index, listener] of listeners.entries()) {
		const other = listeners.slice(0, index).find((earlier) => overlap(earlier, listener));
		if (other === undefined) continue;
		const [own, taken] = [endpointText(listener), endpointText(other)];
		const fault =
			own === taken
				? `${own} is the address of ${other.name} already`
				: `${own} cannot be beside ${taken} of ${other.name}: one takes in the other`;
		report.error([...path, listener.name, "bind"], fault);
	}
}

/** Whether two servers cannot have these addresses at one time. */
export function overlap(a: Endpoint, b: Endpoint): boolean {
	return a.port === b.port && a.port !== 0 && (a.host === b.host || takesIn(a.host, b.host) || takesIn(b.host, a.host));
}

/** Whether who listens on `all` has the address as well. A name may stand for any address, so nothing is said of it. */
function takesIn(all: string, host: string): boolean {
	return (all === "::" && isIP(host) !== 0) || (all === "0.0.0.0" && isIPv4(host));
}
