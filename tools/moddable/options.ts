import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { explainUsage } from "../../hosts/hub/usage.ts";
import { projectFolder } from "../device/project-folder.ts";

/** What the firmware is built with. Home Assistant's names, and those of the Wi-Fi. */
export interface FirmwareOptions {
	readonly broker?: string;
	readonly port?: number;
	readonly clientId?: string;
	readonly keepalive?: number;
	readonly username?: string;
	readonly password?: string;
	readonly protocol?: string;
	/** The folder that `npm run ca` wrote. */
	readonly certificate?: string;
	readonly tlsInsecure?: boolean;
	readonly tlsVersion?: string;
	readonly tlsAlpn?: readonly string[];
	readonly transport?: string;
	readonly wsPath?: string;
	readonly interval?: number;
	readonly dns?: readonly string[];
	readonly ntp?: readonly string[];
	/** A file with the public key of updates, in PEM. */
	readonly updateKey?: string;
	readonly ssid?: string;
	readonly wifiPassword?: string;
}

export interface RunOptions extends FirmwareOptions {
	/** Text in a line of the trace that ends the run well. */
	readonly until?: string;
	/** Seconds for the run; 0: for ever. */
	readonly timeout: number;
}

export interface FlashOptions extends FirmwareOptions {
	/** mcconfig's name of the board: `esp32`, `esp32/nodemcu`, … */
	readonly platform: string;
	readonly serialPort?: string;
}

/** What to do, with the options for it. */
export type CommandLine =
	| { readonly step: "build"; readonly options: FirmwareOptions }
	| { readonly step: "run"; readonly options: RunOptions }
	| { readonly step: "archive"; readonly options: FirmwareOptions }
	| { readonly step: "flash"; readonly options: FlashOptions };

/** Not a request to build: print `text` and end with `exitCode`. */
export interface EarlyExit {
	readonly exitCode: number;
	readonly text: string;
}

/** What Home Assistant's machine is called unless its owner names it. */
export const DEFAULT_BROKER = "homeassistant.local";

const WRONG_USAGE = 2;

/** Reads the arguments that follow the program's name. Never throws, prints nothing. */
export function parseCommandLine(args: readonly string[]): CommandLine | EarlyExit {
	let text = "";
	let found: CommandLine | undefined;
	const program = define((commandLine) => (found = commandLine));
	for (const command of [program, ...program.commands]) {
		command.exitOverride().configureOutput({ writeOut: (part) => (text += part), writeErr: (part) => (text += part) });
	}
	try {
		program.parse(args, { from: "user" });
		return found ?? { exitCode: WRONG_USAGE, text: program.helpInformation() };
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return { exitCode: 0, text };
		// Without a step commander prints the help.
		return { exitCode: WRONG_USAGE, text: error.code === "commander.help" ? text : explainUsage(error, program) };
	}
}

function define(take: (commandLine: CommandLine) => void): Command {
	const program = new Command("moddable").description("Builds the reference firmware with the Moddable SDK.");
	withFirmware(program.command("build"))
		.description(
			"Writes build/device/motehub/manifest.json, for mcconfig: the firmware, its certificates and its settings.",
		)
		.action((options: FirmwareOptions) => take({ step: "build", options }));
	withFirmware(program.command("run"))
		.description("Builds the firmware for Moddable's simulator, and runs it without a screen (Linux).")
		.option("--until <text>", "end well as soon as a line of the trace contains this")
		.option("--timeout <seconds>", "end after this time, badly if --until was not seen; 0: never", integer, 0)
		.action((options: RunOptions) => take({ step: "run", options }));
	withFirmware(program.command("archive"))
		.description("Makes all that the ESP32 keeps of ours, without its compiler, and says how large it is (Linux).")
		.action((options: FirmwareOptions) => take({ step: "archive", options }));
	withFirmware(program.command("flash"))
		.description("Builds the firmware for an ESP32, and writes it to the board.")
		.option("--platform <name>", "the board, as mcconfig names it: esp32, esp32/esp32c3, esp32/nodemcu, …", "esp32")
		.option("--serial-port <path>", "where the board is, such as /dev/ttyUSB0 (default: mcconfig looks)")
		.action((options: FlashOptions) => take({ step: "flash", options }));
	return program;
}

function withFirmware(command: Command): Command {
	return command
		.option("--broker <host>", `the broker's name or IPv4 address (default: ${DEFAULT_BROKER})`)
		.option("--port <port>", "the broker's port (default: as the transport has it)", integer)
		.option("--client-id <id>", "client id (default: from the chip's MAC address)")
		.option("--keepalive <seconds>", "MQTT keep alive; 0 is off", integer)
		.option("--username <name>", "user name at the broker")
		.addOption(new Option("--password <password>", "password at the broker").env("MOTEHUB_PASSWORD"))
		.option("--protocol <version>", "MQTT version to begin with: 3.1, 3.1.1 or 5")
		.addOption(
			new Option("--certificate [folder]", "speak TLS, and trust what npm run ca has put there").preset(
				join(projectFolder(), "build/ca"),
			),
		)
		.option("--tls-insecure", "do not compare the broker's name with its certificate")
		.option("--tls-version <version>", "auto or 1.2; 1.1 or 1.0 for a broker that knows nothing newer")
		.option("--tls-alpn <name...>", "protocols to ask the broker for by ALPN, the best first")
		.option("--transport <name>", "tcp, or websockets for a broker behind a proxy")
		.option("--ws-path <path>", "the path of the broker's WebSocket (default: /)")
		.option("--interval <seconds>", "time between two readings", integer)
		.option("--dns <address...>", "name servers to ask instead of those of the network")
		.option("--ntp <host...>", "time servers, asked before TLS (default: pool.ntp.org)")
		.option(
			"--update-key <file>",
			"the public key, in PEM, with which updates over MQTT must be signed: ECDSA on P-256",
		)
		.option("--ssid <name>", "the Wi-Fi's name", text)
		.addOption(new Option("--wifi-password <password>", "the Wi-Fi's password").env("MOTEHUB_WIFI_PASSWORD"));
}

function integer(value: string): number {
	if (/^\d{1,9}$/.test(value)) return Number(value);
	throw new InvalidArgumentError("It must be a whole number.");
}

function text(value: string): string {
	if (value !== "") return value;
	throw new InvalidArgumentError("It must not be empty.");
}
