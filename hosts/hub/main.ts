#!/usr/bin/env node
import { DataFolderError, openDataFolder } from "./data-folder.ts";
import { type GeneratedPassword, loadOrGeneratePassword } from "./generated-password.ts";
import { createHub, type Hub } from "./hub.ts";
import { ListenError } from "./listener.ts";
import { TextLog } from "./log.ts";
import { type CommandLine, parseCommandLine } from "./options.ts";
import { packageVersion } from "./version.ts";

const USER = "homeassistant";
/** Exit code for what the surroundings refuse: a port, a folder. */
const FAILED = 1;
/** Milliseconds for a clean end; a hub that takes longer is ended all the same. */
const STOP_TIMEOUT = 4_500;

async function main(args: readonly string[]): Promise<void> {
	const commandLine = parseCommandLine(args, packageVersion());
	if ("exitCode" in commandLine) {
		(commandLine.exitCode === 0 ? process.stdout : process.stderr).write(commandLine.text);
		process.exitCode = commandLine.exitCode;
		return;
	}
	surviveLostOutput();
	const stopped = stopSignal();
	const hub = await start(commandLine);
	process.stdout.write(`motehub ready: ${hub.addresses.map((address) => address.url).join(" ")}\n`);
	await stopped;
	await stop(hub);
}

async function start(commandLine: CommandLine): Promise<Hub> {
	const { host, port, httpPort, allowAnonymous, logLevel, data } = commandLine;
	const log = new TextLog(logLevel, (line) => process.stderr.write(line));
	openDataFolder(data);
	const kept = loadOrGeneratePassword(data);
	process.stdout.write(announce(kept, process.stdout.isTTY));
	if (kept.wasExposed)
		log.write("warn", "others could read the password file: its mode is 0600 now", { file: kept.file });
	return createHub({
		listeners: { default: { type: "tcp", host, port }, websocket: { type: "ws", host, port: httpPort } },
		users: { [USER]: kept.password },
		allowAnonymous,
		log,
	});
}

/** The password itself only on a terminal: what is not one may be a log that others read. */
function announce({ password, file, created }: GeneratedPassword, onTerminal: boolean): string {
	if (!created || !onTerminal) return `user name ${USER}, password in ${file}\n`;
	return `user name ${USER}, password ${password}\nThis is shown once. The password is kept in ${file}\n`;
}

/** A second signal has its usual effect and ends the process at once. */
function stopSignal(): Promise<void> {
	return new Promise((resolve) => {
		const stop = () => {
			process.removeListener("SIGTERM", stop).removeListener("SIGINT", stop);
			resolve();
		};
		process.on("SIGTERM", stop).on("SIGINT", stop);
	});
}

async function stop(hub: Hub): Promise<void> {
	setTimeout(() => process.exit(FAILED), STOP_TIMEOUT).unref();
	await hub.close();
	process.exit(0);
}

/** A broker goes on when whoever reads its output goes away. */
function surviveLostOutput(): void {
	process.stdout.on("error", () => undefined);
	process.stderr.on("error", () => undefined);
}

/** The options that choose what a listener could not have. */
const PORT_OPTIONS: Readonly<Record<string, string>> = { default: "--port", websocket: "--http-port" };
const HOST_ERRORS: readonly (string | undefined)[] = ["EADDRNOTAVAIL", "ENOTFOUND"];

function explain(error: unknown): string {
	if (error instanceof DataFolderError) return error.message;
	if (!(error instanceof ListenError)) throw error;
	const option = HOST_ERRORS.includes(error.code) ? "--host" : PORT_OPTIONS[error.listener];
	return `${error.message} (${option})`;
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`error: ${explain(error)}\n`);
	process.exitCode = FAILED;
}
