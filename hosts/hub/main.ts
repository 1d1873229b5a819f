#!/usr/bin/env node
import type { MqttOptions } from "../../src/config/index.ts";
import type { Log } from "../../src/ports/index.ts";
import { runPasswd } from "./auth/index.ts";
import { runCert } from "./certificates/index.ts";
import { connectClient } from "./client/index.ts";
import { dataFolderOf, settingsFor } from "./command-line-settings.ts";
import { type HubSettings, printSettings, runCheck } from "./config/index.ts";
import { startConfiguredHub } from "./configured-hub.ts";
import { explain } from "./explain.ts";
import { LiveConfiguration } from "./live-configuration.ts";
import { openLog } from "./open-log.ts";
import { ServiceManager, systemdNotify } from "./operation/index.ts";
import { type CertCommandLine, type CommandLine, parseInvocation } from "./options.ts";
import { SwitchableLog } from "./switchable-log.ts";
import { Terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

/** Exit code for what the surroundings refuse: a port, a folder. */
const FAILED = 1;
/** Milliseconds for a clean end; a hub that takes longer is ended all the same. */
const STOP_TIMEOUT = 4_500;

async function main(args: readonly string[]): Promise<void> {
	const invocation = parseInvocation(args, packageVersion());
	if ("exitCode" in invocation) {
		(invocation.exitCode === 0 ? process.stdout : process.stderr).write(invocation.text);
		process.exitCode = invocation.exitCode;
		return;
	}
	switch (invocation.command) {
		case "run":
			return explaining(invocation.options.config, () => runHub(invocation.options));
		case "check":
			process.exitCode = runCheck(invocation.file, process.stdout);
			return;
		case "passwd":
			process.exitCode = await runPasswd(invocation.request, { input: process.stdin, output: process.stderr });
			return;
		case "cert":
			return explaining(invocation.config, () => makeCertificates(invocation));
	}
}

/** Runs a command; what it cannot do is told in a line each. `config` is the configuration's file, if there is one. */
async function explaining(config: string | undefined, command: () => Promise<void>): Promise<void> {
	try {
		await command();
	} catch (error) {
		for (const line of explain(error, config)) process.stderr.write(`error: ${line}\n`);
		process.exitCode = FAILED;
	}
}

async function makeCertificates({ config, data, names }: CertCommandLine): Promise<void> {
	const dataFolder = config === undefined ? data : dataFolderOf(config);
	process.exitCode = await runCert({ dataFolder, names }, process.stdout, process.stderr);
}

async function runHub(commandLine: CommandLine): Promise<void> {
	const started = settingsFor(commandLine);
	const { settings, notices } = started;
	if (commandLine.printConfig) {
		process.stderr.write(notices.map((notice) => `note: ${notice}\n`).join(""));
		process.stdout.write(printSettings(settings));
		return;
	}
	surviveLostOutput();
	const { stopped, stop } = stopSignal();
	let isReloadDue = false;
	let reload = () => {
		isReloadDue = true;
	};
	const terminal = new Terminal();
	// A terminal sends it as well, when its window is closed, and its shell once more: then the hub ends, like all in there.
	process.on("SIGHUP", () => (terminal.isGone ? stop() : reload()));
	const log = new SwitchableLog(openLog(settings.log, process.stderr));
	for (const notice of notices) log.write("warn", notice);
	const running =
		settings.connection === undefined ? await startBroker(settings, log) : startClient(settings.connection, log);
	const configuration = new LiveConfiguration({
		started,
		read: () => settingsFor(commandLine),
		apply: (wanted) => {
			running.apply(wanted);
			log.use(openLog(wanted.log, process.stderr));
		},
		log,
	});
	configuration.watch();
	reload = () => {
		configuration.reread();
		running.reload();
	};
	configuration.reread(); // it may have changed before it was watched
	if (isReloadDue) running.reload();
	process.stdout.write(`motehub ready: ${running.description}\n`);
	const service = new ServiceManager(process.env, systemdNotify(log));
	service.ready(running.description);
	await stopped;
	service.stopping();
	configuration.close();
	await end(running, terminal);
}

/** What runs until a signal ends it. */
interface Running {
	/** Where the broker listens, or whose client it is. */
	readonly description: string;
	/** Reads its password, ACL and certificate files again. */
	reload(): void;
	/** Takes over what it can of other settings. Throws `ConfigError`; then nothing has changed. */
	apply(settings: HubSettings): void;
	close(): Promise<void>;
}

async function startBroker(settings: HubSettings, log: Log): Promise<Running> {
	const configured = await startConfiguredHub(settings, { log, announce: (text) => process.stdout.write(text) });
	return {
		description: configured.hub.addresses.map((address) => address.url).join(" "),
		reload: () => configured.reload(),
		apply: (wanted) => configured.apply(wanted),
		close: () => configured.close(),
	};
}

/** Starts no broker: the hub's own client connects to one elsewhere. */
function startClient(connection: MqttOptions, log: Log): Running {
	const client = connectClient(connection, log);
	return {
		description: `client of ${connection.broker}:${connection.port}`,
		reload: () => undefined, // It reads its files whenever it connects.
		apply: () => undefined,
		close: () => client.end(),
	};
}

/** `stopped` resolves after a signal, or `stop`. A second signal has its usual effect and ends the process at once. */
function stopSignal(): { readonly stopped: Promise<void>; readonly stop: () => void } {
	let resolve: () => void;
	const stopped = new Promise<void>((resolveIt) => (resolve = resolveIt));
	const stop = () => {
		process.removeListener("SIGTERM", stop).removeListener("SIGINT", stop);
		resolve();
	};
	process.on("SIGTERM", stop).on("SIGINT", stop);
	return { stopped, stop };
}

async function end(running: Running, terminal: Terminal): Promise<void> {
	setTimeout(() => process.exit(FAILED), STOP_TIMEOUT).unref();
	await running.close();
	terminal.exit();
}

/** A broker goes on when whoever reads its output goes away. */
function surviveLostOutput(): void {
	process.stdout.on("error", () => undefined);
	process.stderr.on("error", () => undefined);
}

await main(process.argv.slice(2));
