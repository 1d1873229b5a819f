import { dirname, resolve } from "node:path";
import { type Finding, isMapping, Report } from "../../../src/config/index.ts";
import { ConfigError, located } from "./config-error.ts";
import { hubSettings } from "./hub-settings.ts";
import type { HubSettings } from "./settings.ts";
import { YamlSource } from "./yaml-source.ts";

export interface LoadedSettings {
	readonly settings: HubSettings;
	/** What the person should know: keys without effect, defaults that surprise. With file, line and column. */
	readonly notices: readonly string[];
	/** Every file that was read: the configuration, what it includes, and its secrets. Absolute paths. */
	readonly files: readonly string[];
	/** Every file and folder that the settings name: passwords, rights, certificates. Absolute paths. */
	readonly named: readonly string[];
}

/** Reads a configuration file. Throws `ConfigError` with all that is wrong in it. */
export function loadSettings(file: string): LoadedSettings {
	let isHomeAssistant = false;
	const source = new YamlSource(file, (keys) => {
		isHomeAssistant = keys.includes("mqtt") && HOME_ASSISTANT.some((key) => keys.includes(key));
		// Of Home Assistant's whole configuration only this is ours to read.
		return isHomeAssistant ? keys.filter((key) => key === "mqtt" || key === "http") : keys;
	});
	const value = isHomeAssistant ? mqttOf(source.value) : (source.value ?? {});
	const place = (finding: Finding) => {
		const message = source.masked(finding.path, finding.message);
		return located({ ...finding, message }, source.positionOf(finding.path, finding.at));
	};
	return read(value, dirname(resolve(file)), { place, files: source.files });
}

/**
 * Settings out of values, such as a program's own options, by the rules of the file. Relative paths start at `folder`.
 * Throws `ConfigError`.
 */
export function readSettings(value: unknown, folder = "."): LoadedSettings {
	return read(value, resolve(folder), { place: (finding) => located(finding, undefined), files: [] });
}

/** Where values come from. */
interface Origin {
	readonly place: (finding: Finding) => string;
	readonly files: readonly string[];
}

function read(value: unknown, folder: string, { place, files }: Origin): LoadedSettings {
	const report = new Report();
	const names = new Set<string>();
	const settings = hubSettings(folder, names).read(value, [], report);
	const named = [...names];
	if (report.errors.length > 0 || settings === undefined) {
		throw new ConfigError(report.errors.map(place), [...files, ...named]);
	}
	return { settings, notices: report.notices.map(place), files, named };
}

/** Keys of Home Assistant's configuration that are never ours. */
const HOME_ASSISTANT = ["homeassistant", "default_config"];

/** The block, with the password that Home Assistant's embedded broker had when none was given: that of its web page. */
function mqttOf(configuration: unknown): unknown {
	if (!isMapping(configuration)) return configuration;
	const { mqtt, http } = configuration;
	const block = mqtt ?? {};
	const { api_password: password } = isMapping(http) ? http : {};
	if (!isMapping(block) || password === undefined || "password" in block || "broker" in block) return { mqtt: block };
	return { mqtt: { ...block, password } };
}
