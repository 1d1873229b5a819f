import { type HubSettings, type LoadedSettings, loadSettings, readSettings } from "./config/index.ts";
import { defaultDataFolder } from "./data-folder.ts";
import type { CommandLine } from "./options.ts";

/** The user of a hub that has no configuration, as Home Assistant's embedded broker had it. */
export const EMBEDDED_USER = "homeassistant";

/** The settings that a command line comes to, with or without a configuration. Throws `ConfigError`. */
export function settingsFor(commandLine: CommandLine): LoadedSettings {
	const { config } = commandLine;
	const loaded = config === undefined ? readSettings(embedded(commandLine)) : loadSettings(config);
	return { ...loaded, settings: withOverrides(loaded.settings, commandLine) };
}

/** Where a hub that runs with this configuration keeps its data. Throws `ConfigError`. */
export function dataFolderOf(config: string): string {
	return loadSettings(config).settings.dataFolder ?? defaultDataFolder();
}

function embedded({ host, port, httpPort, allowAnonymous }: CommandLine): unknown {
	const at = (number: number) => `${host.includes(":") ? `[${host}]` : host}:${number}`;
	return {
		listeners: { default: { type: "tcp", bind: at(port) }, websocket: { type: "ws", bind: at(httpPort) } },
		auth: { allow_anonymous: allowAnonymous, generated_user: EMBEDDED_USER },
	};
}

function withOverrides(settings: HubSettings, { logLevel, data, memory }: CommandLine): HubSettings {
	return {
		...settings,
		log: { ...settings.log, level: logLevel ?? settings.log.level },
		dataFolder: data ?? settings.dataFolder ?? defaultDataFolder(),
		store: memory ? { type: "memory", folder: undefined } : settings.store,
	};
}
