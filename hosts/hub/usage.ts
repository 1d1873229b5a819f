import type { Command, CommanderError } from "commander";

/** What is wrong with a command line, as one line with its end. `error` is what `program` threw while it read the line. */
export function explainUsage(error: CommanderError, program: Command): string {
	const stray = error.code === "commander.excessArguments" ? strayArgument(program) : undefined;
	const advice = "a value follows its option, and with npm the options follow --";
	const message = stray === undefined ? error.message : `error: unexpected argument '${stray}': ${advice}`;
	// A suggestion of commander's is on a line of its own.
	return `${message.replace(/\s*\n\s*/g, " ").replace(/\.$/, "")}; --help lists the options\n`;
}

/** The first that no command takes. The program comes last: it has the words of its commands among its own. */
function strayArgument(program: Command): string | undefined {
	const isOverfull = ({ args, registeredArguments }: Command) => args.length > registeredArguments.length;
	const command = [...program.commands, program].find(isOverfull);
	return command?.args[command.registeredArguments.length];
}
