import { boolean, choice, optional, type Reader, record, refined, withDefault } from "../../../src/config/index.ts";
import { LOG_LEVELS } from "../log.ts";
import { endpoint } from "./endpoint.ts";
import type { FileReaders } from "./file-readers.ts";
import type { HttpSettings, LogSettings, StoreSettings } from "./settings.ts";

export const DEFAULT_STORE: StoreSettings = { type: "lmdb", folder: undefined };
export const DEFAULT_LOG: LogSettings = { level: "info", format: "auto" };
export const DEFAULT_HTTP: HttpSettings = { bind: undefined, metrics: true, health: true };
/** Seconds. */
export const DEFAULT_SYS_INTERVAL = 10;

/** `store:` */
export function storeSettings(files: FileReaders): Reader<StoreSettings> {
	const fields = record({
		type: withDefault(choice(["lmdb", "memory"]), DEFAULT_STORE.type),
		path: optional(files.newFolder),
	});
	return refined(fields, ({ type, path: folder }, path, report) => {
		if (type === "lmdb" || folder === undefined) return { type, folder };
		report.error([...path, "path"], "is for the type lmdb; memory has no folder", "key");
		return undefined;
	});
}

/** `log:` */
export const logSettings: Reader<LogSettings> = record({
	level: withDefault(choice(LOG_LEVELS), DEFAULT_LOG.level),
	format: withDefault(choice(["auto", "text", "json"]), DEFAULT_LOG.format),
});

/** `http:` */
export const httpSettings: Reader<HttpSettings> = record({
	bind: optional(endpoint),
	metrics: withDefault(boolean(), DEFAULT_HTTP.metrics),
	health: withDefault(boolean(), DEFAULT_HTTP.health),
});
