import { join } from "node:path";
import { openDataFolder } from "./data-folder.ts";
import { type GeneratedPassword, loadOrGeneratePassword } from "./generated-password.ts";
import { createHub, type Hub } from "./hub.ts";
import { TextLog } from "./log.ts";
import { openStore } from "./open-store.ts";
import type { CommandLine } from "./options.ts";
import { MemoryStore } from "./store/index.ts";

/** The embedded broker's own user, as Home Assistant has it. */
export const EMBEDDED_USER = "homeassistant";

/** A hub on its embedded defaults. */
export interface EmbeddedHub {
	readonly hub: Hub;
	readonly credentials: GeneratedPassword;
}

/**
 * Starts the hub that the command line describes: one TCP and one WebSocket listener, one user with a password that is
 * made at the first start. `announce` gets a text about the password before anything listens. Logs to the standard error.
 * Rejects with `DataFolderError`, `StoreError` or `ListenError`.
 */
export async function startEmbeddedHub(
	commandLine: CommandLine,
	announce: (text: string) => void,
): Promise<EmbeddedHub> {
	const { host, port, httpPort, allowAnonymous, logLevel, data, memory } = commandLine;
	const log = new TextLog(logLevel, (line) => process.stderr.write(line));
	openDataFolder(data);
	const credentials = loadOrGeneratePassword(data);
	announce(describeCredentials(credentials, process.stdout.isTTY));
	if (credentials.wasExposed) {
		log.write("warn", "others could read the password file: its mode is 0600 now", { file: credentials.file });
	}
	const hub = await createHub({
		listeners: { default: { type: "tcp", host, port }, websocket: { type: "ws", host, port: httpPort } },
		users: { [EMBEDDED_USER]: credentials.password },
		allowAnonymous,
		log,
		store: memory ? new MemoryStore() : await openStore(join(data, "store"), log),
	});
	return { hub, credentials };
}

/** The password itself only when it is new and on a terminal: what is not one may be a log that others read. */
export function describeCredentials({ password, file, created }: GeneratedPassword, onTerminal: boolean): string {
	if (!created || !onTerminal) return `user name ${EMBEDDED_USER}, password in ${file}\n`;
	return `user name ${EMBEDDED_USER}, password ${password}\nThis is shown once. The password is kept in ${file}\n`;
}
