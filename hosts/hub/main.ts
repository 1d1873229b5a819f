#!/usr/bin/env node
import { DataFolderError } from "./data-folder.ts";
import { startEmbeddedHub } from "./embedded-hub.ts";
import type { Hub } from "./hub.ts";
import { ListenError } from "./listener.ts";
import { parseCommandLine } from "./options.ts";
import { StoreError } from "./store/index.ts";
import { packageVersion } from "./version.ts";

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
	const { hub } = await startEmbeddedHub(commandLine, (text) => process.stdout.write(text));
	process.stdout.write(`motehub ready: ${hub.addresses.map((address) => address.url).join(" ")}\n`);
	await stopped;
	await stop(hub);
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
	if (error instanceof StoreError) return `${error.message} (--data)`;
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
