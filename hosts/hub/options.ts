import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { LogLevel } from "../../src/ports/index.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { LOG_LEVELS } from "./log.ts";

/** What the command line asks for. */
export interface CommandLine {
	/** TCP ports; 0 lets the system choose. */
	readonly port: number;
	readonly httpPort: number;
	/** A name or an address without brackets. */
	readonly host: string;
	readonly allowAnonymous: boolean;
	readonly logLevel: LogLevel;
	readonly data: string;
	/** Nothing but the password outlives the process. */
	readonly memory: boolean;
}

/** Not a request to run: print `text` and end with `exitCode`. */
export interface EarlyExit {
	readonly exitCode: number;
	readonly text: string;
}

/** Exit code for a command line that makes no sense. */
const WRONG_USAGE = 2;

/** Reads the arguments that follow the program's name. Never throws, prints nothing. */
export function parseCommandLine(args: readonly string[], version: string): CommandLine | EarlyExit {
	let text = "";
	const command = define(version).exitOverride();
	command.configureOutput({ writeOut: (part) => (text += part), writeErr: () => undefined });
	try {
		const options = command.parse(args, { from: "user" }).opts<CommandLine>();
		return options.port === options.httpPort && options.port !== 0 ? SAME_PORT : options;
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		return error.exitCode === 0 ? { exitCode: 0, text } : { exitCode: WRONG_USAGE, text: oneLine(error.message) };
	}
}

const SAME_PORT: EarlyExit = { exitCode: WRONG_USAGE, text: "error: --port and --http-port must not be the same\n" };

function define(version: string): Command {
	return new Command("motehub")
		.description("An MQTT broker for the home: MQTT 3.1, 3.1.1 and 5 over TCP and WebSocket.")
		.version(version, "--version", "print the version")
		.helpOption("--help", "print this text")
		.option("--port <port>", "port for MQTT over TCP; 0 takes any free one", port, 1883)
		.option("--http-port <port>", "port for MQTT over WebSocket; 0 takes any free one", port, 8080)
		.option("--host <host>", "address or name to listen on", host, "127.0.0.1")
		.option("--allow-anonymous", "let clients in that give no user name", false)
		.addOption(new Option("--log-level <level>", "least level to log").choices(LOG_LEVELS).default("info"))
		.option("--data <folder>", "where the password and the broker's state are kept", folder, defaultDataFolder())
		.option("--memory", "forget sessions and messages when the hub stops: write none to the disk", false);
}

function port(text: string): number {
	const value = Number(text);
	if (/^\d{1,5}$/.test(text) && value <= 65_535) return value;
	throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

function host(text: string): string {
	const name = text.replace(/^\[(.*)\]$/, "$1");
	if (name !== "" && !/\s/.test(name)) return name;
	throw new InvalidArgumentError("It must be a name or an address, for instance 127.0.0.1, ::1 or 0.0.0.0.");
}

function folder(text: string): string {
	if (text !== "") return text;
	throw new InvalidArgumentError("It must be the path of a folder.");
}

/** A suggestion of commander's is on a line of its own. */
function oneLine(message: string): string {
	return `${message.replace(/\s*\n\s*/g, " ")}; --help lists the options\n`;
}
