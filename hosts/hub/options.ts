import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { LogLevel } from "../../src/ports/index.ts";
import type { PasswdRequest } from "./auth/index.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { LOG_LEVELS } from "./log.ts";
import { explainUsage } from "./usage.ts";

/** How the hub is to run. */
export interface CommandLine {
	/** A configuration file; it decides in the place of the ports, the host and `allowAnonymous`. */
	readonly config?: string;
	/** Shows the settings in force and ends. */
	readonly printConfig?: boolean;
	/** TCP ports; 0 lets the system choose. */
	readonly port: number;
	readonly httpPort: number;
	/** A name or an address without brackets. */
	readonly host: string;
	readonly allowAnonymous: boolean;
	/** Undefined: as the configuration says. */
	readonly logLevel?: LogLevel;
	/** Undefined: as the configuration says. */
	readonly data?: string;
	/** Nothing but the password outlives the process. */
	readonly memory: boolean;
}

/** What the program is to do. */
export type Invocation =
	| { readonly command: "run"; readonly options: CommandLine }
	| { readonly command: "check"; readonly file: string }
	| { readonly command: "passwd"; readonly request: PasswdRequest }
	| ({ readonly command: "cert" } & CertCommandLine);

/** Where `motehub cert` works, and for which names beside those of this machine. */
export interface CertCommandLine {
	/** A configuration that says where the data folder is. */
	readonly config: string | undefined;
	readonly data: string;
	readonly names: readonly string[];
}

/** Not a request to run: print `text` and end with `exitCode`. */
export interface EarlyExit {
	readonly exitCode: number;
	readonly text: string;
}

/** Exit code for a command line that makes no sense. */
const WRONG_USAGE = 2;

/** Reads the arguments that follow the program's name. Never throws, prints nothing. */
export function parseInvocation(args: readonly string[], version: string): Invocation | EarlyExit {
	return parse<Invocation>(args, version, (program, take) => {
		defineRun(program, (options) => take({ command: "run", options }));
		defineCheck(program, take);
		definePasswd(program, take);
		defineCert(program, take);
	});
}

/** Reads the arguments of a program that runs a hub on its defaults. Never throws, prints nothing. */
export function parseCommandLine(args: readonly string[], version: string): CommandLine | EarlyExit {
	return parse<CommandLine>(args, version, defineEmbedded);
}

type Take<T> = (result: T) => void;

function parse<T>(
	args: readonly string[],
	version: string,
	define: (program: Command, take: Take<T>) => void,
): T | EarlyExit {
	let text = "";
	let result: T | undefined;
	const program = new Command("motehub")
		.description("An MQTT broker for the home: MQTT 3.1, 3.1.1 and 5 over TCP, TLS and WebSocket.")
		.version(version, "--version", "print the version")
		.helpOption("--help", "print this text")
		.helpCommand(false)
		.enablePositionalOptions()
		.exitOverride()
		.configureOutput({ writeOut: (part) => (text += part), writeErr: () => undefined });
	define(program, (taken) => (result = taken));
	try {
		program.parse(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		return error.exitCode === 0 ? { exitCode: 0, text } : { exitCode: WRONG_USAGE, text: explainUsage(error, program) };
	}
	if (result === undefined) throw new TypeError("a command line leads to an action or an error");
	return result;
}

function defineRun(program: Command, take: Take<CommandLine>): void {
	program
		.option("--config <file>", "run as this YAML file says, also Home Assistant's configuration.yaml", path)
		.option("--print-config", "show the settings in force, without passwords, and end", false);
	defineEmbedded(program, take);
}

function defineEmbedded(program: Command, take: Take<CommandLine>): void {
	// What a configuration says is not said beside it as well.
	const own = (flags: string, description: string) => new Option(flags, description).conflicts("config");
	program
		.addOption(own("--port <port>", "port for MQTT over TCP; 0 takes any free one").argParser(port).default(1883))
		.addOption(
			own("--http-port <port>", "port for MQTT over WebSocket; 0 takes any free one").argParser(port).default(8080),
		)
		.addOption(own("--host <host>", "address or name to listen on").argParser(host).default("127.0.0.1"))
		.addOption(own("--allow-anonymous", "let clients in that give no user name").default(false))
		.addOption(new Option("--log-level <level>", "least level to log (default: info)").choices(LOG_LEVELS))
		.option(
			"--data <folder>",
			`where password, certificates and state are kept (default: ${defaultDataFolder()})`,
			path,
		)
		.option("--memory", "forget sessions and messages when the hub stops: write none to the disk", false)
		.action((options: CommandLine) => {
			if (options.port === options.httpPort && options.port !== 0) {
				program.error("error: --port and --http-port must not be the same");
			}
			take(options);
		});
}

function defineCheck(program: Command, take: Take<Invocation>): void {
	program
		.command("check <file>")
		.description("check a configuration and the files that it names; start nothing")
		.action((file: string) => take({ command: "check", file }));
}

function definePasswd(program: Command, take: Take<Invocation>): void {
	program
		.command("passwd <file> <user>")
		.description("add a user to a password file (made if it is missing), or give them another password")
		.addOption(new Option("-D, --delete", "remove the user").default(false).conflicts("scram"))
		.option("--scram", "keep keys for SCRAM-SHA-256; Mosquitto passes over such users", false)
		.action((file: string, user: string, options: { readonly delete: boolean; readonly scram: boolean }) => {
			take({ command: "passwd", request: { file, user, remove: options.delete, scram: options.scram } });
		});
}

interface CertOptions {
	readonly config?: string;
	readonly data: string;
	readonly name: readonly string[];
}

function defineCert(program: Command, take: Take<Invocation>): void {
	program
		.command("cert")
		.description("make a CA for the home and a server certificate, or renew them, and say where they are")
		.option("--config <file>", "take the hub's data folder from this configuration", path)
		.addOption(
			new Option("--data <folder>", "where the hub keeps its data")
				.argParser(path)
				.default(defaultDataFolder())
				.conflicts("config"),
		)
		.option("--name <name>", "another name or address of this machine; may be repeated", collect, [])
		.action(({ config, data, name: names }: CertOptions) => take({ command: "cert", config, data, names }));
}

function collect(name: string, names: readonly string[]): readonly string[] {
	return [...names, name];
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

function path(text: string): string {
	if (text !== "") return text;
	throw new InvalidArgumentError("It must not be empty.");
}
