import { isIPv4 } from "node:net";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Chance, Stall } from "./faults.ts";

/** What the command line asks for. */
export interface CommandLine {
	readonly broker: string;
	readonly port: number;
	readonly username?: string;
	readonly password?: string;
	readonly clientId?: string;
	readonly protocol: string;
	/** Seconds; 0 is off. */
	readonly keepalive: number;
	/** Devices. */
	readonly count: number;
	/** Seconds between two readings. */
	readonly interval: number;
	readonly drop?: Chance;
	readonly stall?: Stall;
	/** Milliseconds, each way. */
	readonly latency: number;
	readonly state?: string;
}

/** Not a request to run: print `text` and end with `exitCode`. */
export interface EarlyExit {
	readonly exitCode: number;
	readonly text: string;
}

/** Exit code for a command line that makes no sense. */
const WRONG_USAGE = 2;
/** Each device is a process of its own, of about 10 MB. */
const MAX_DEVICES = 64;
const PASSWORD_VARIABLE = "MOTEHUB_PASSWORD";

/** Reads the arguments that follow the program's name. Never throws, prints nothing. */
export function parseCommandLine(
	args: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): CommandLine | EarlyExit {
	let text = "";
	const command = define().exitOverride();
	command.configureOutput({ writeOut: (part) => (text += part), writeErr: () => undefined });
	try {
		const options = command.parse(args, { from: "user" }).opts<CommandLine>();
		return check(withPassword(options, environment[PASSWORD_VARIABLE]));
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return { exitCode: 0, text };
		return wrongUsage(error.code === "commander.excessArguments" ? unexpected(command.args[0]) : error.message);
	}
}

function define(): Command {
	return new Command("motehub-device")
		.description("Simulated devices: the reference firmware on the XS engine, with the network of this computer.")
		.helpOption("--help", "print this text")
		.option("--broker <host>", "the broker's name or IPv4 address", host, "127.0.0.1")
		.option("--port <port>", "the broker's port", integer(1, 65_535), 1883)
		.option("--username <name>", "user name", text)
		.option(
			"--password <password>",
			`password; better in the variable ${PASSWORD_VARIABLE}, which \`ps\` does not show`,
			text,
		)
		.option(
			"--client-id <id>",
			"client id; with --count, -1, -2, … is added (default: from the device's MAC address)",
			text,
		)
		.addOption(
			new Option("--protocol <version>", "MQTT version to begin with").choices(["3.1", "3.1.1", "5"]).default("3.1.1"),
		)
		.option("--keepalive <seconds>", "MQTT keep alive; 0 is off", integer(0, 65_535), 60)
		.option("--count <number>", "how many devices", integer(1, MAX_DEVICES), 1)
		.option("--interval <seconds>", "time between two readings", integer(1, 3_600), 5)
		.option(
			"--drop <probability/seconds>",
			"fault: every SECONDS, reset all connections with PROBABILITY (0.1/60)",
			chance,
		)
		.option(
			"--stall <probability/seconds/duration>",
			"fault: every SECONDS, with PROBABILITY, let open connections go silent for DURATION seconds (0.1/60/90)",
			stall,
		)
		.option("--latency <ms>", "fault: delay everything by this, each way", integer(0, 60_000), 0)
		.option("--state <folder>", "keep the devices' flash there (default: nothing is kept)", text);
}

function withPassword(options: CommandLine, variable: string | undefined): CommandLine {
	return options.password === undefined && variable ? { ...options, password: variable } : options;
}

// [MQTT-3.1.2-22]
function check(options: CommandLine): CommandLine | EarlyExit {
	if (options.password === undefined || options.username !== undefined) return options;
	return wrongUsage(`error: a password needs --username (the password may come from ${PASSWORD_VARIABLE})`);
}

function integer(from: number, to: number): (value: string) => number {
	return (value) => {
		const number = Number(value);
		if (/^\d{1,9}$/.test(value) && number >= from && number <= to) return number;
		throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
	};
}

function text(value: string): string {
	if (value !== "") return value;
	throw new InvalidArgumentError("It must not be empty.");
}

function host(value: string): string {
	// RFC 1123 section 2.1: no name ends in a number, so what looks like an address has to be one.
	const isMistyped = /^[\d.]+$/.test(value) && !isIPv4(value);
	if (/^[^\s:/]+$/.test(value) && !isMistyped) return value;
	throw new InvalidArgumentError("It must be a name or an IPv4 address, without port: for instance 127.0.0.1.");
}

function chance(value: string): Chance {
	const [probability, every] = numbers(value, 2);
	if (probability !== undefined && every !== undefined) return { probability, every };
	throw new InvalidArgumentError("It must be PROBABILITY/SECONDS, for instance 0.1/60.");
}

function stall(value: string): Stall {
	const [probability, every, duration] = numbers(value, 3);
	if (probability !== undefined && every !== undefined && duration !== undefined)
		return { probability, every, duration };
	throw new InvalidArgumentError("It must be PROBABILITY/SECONDS/DURATION, for instance 0.1/60/90.");
}

/** The first is a probability, the others are times above 0. Nothing, if it is not like that. */
function numbers(value: string, count: number): readonly number[] {
	const parts = value.split("/").map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : Number.NaN));
	const [probability = Number.NaN, ...times] = parts;
	const isRight = probability <= 1 && times.every((time) => time > 0 && time <= 86_400) && parts.length === count;
	return isRight ? parts : [];
}

function unexpected(argument: string | undefined): string {
	return `error: unexpected argument '${argument}': a value follows its option, and with npm the options follow --`;
}

/** A suggestion of commander's is on a line of its own. */
function wrongUsage(message: string): EarlyExit {
	const line = message.replace(/\s*\n\s*/g, " ").replace(/\.$/, "");
	return { exitCode: WRONG_USAGE, text: `${line}; --help lists the options\n` };
}
