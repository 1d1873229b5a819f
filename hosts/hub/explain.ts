import { ConfigError } from "./config/index.ts";
import { DataFolderError } from "./data-folder.ts";
import { ListenError } from "./listener.ts";
import { StoreError } from "./store/index.ts";

/** The options that choose what a listener could not have. */
const PORT_OPTIONS: Readonly<Record<string, string>> = { default: "--port", websocket: "--http-port" };
const HOST_ERRORS: readonly (string | undefined)[] = ["EADDRNOTAVAIL", "ENOTFOUND"];

/** Lines for the person who started the hub. `config` is the configuration's file, if there is one. Throws on what is a defect. */
export function explain(error: unknown, config: string | undefined): readonly string[] {
	if (error instanceof ConfigError) return error.problems;
	if (error instanceof DataFolderError) return [error.message];
	if (error instanceof StoreError) return [`${error.message} (--data)`];
	if (error instanceof ListenError) return [`${error.message} (${originOf(error, config)})`];
	throw error;
}

/** What chose what the listener could not have. */
function originOf({ listener, code }: ListenError, config: string | undefined): string | undefined {
	if (config !== undefined) return `listener ${listener} in ${config}`;
	return HOST_ERRORS.includes(code) ? "--host" : PORT_OPTIONS[listener];
}
