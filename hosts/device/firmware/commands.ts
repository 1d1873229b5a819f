import { CommandError } from "../../../src/homeassistant/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import { INTERVAL_RANGE } from "./settings.ts";

/** What a command makes the device do. */
export interface CommandTarget {
	setInterval(interval: Seconds): void;
	identify(duration: Seconds): void;
	restart(): void;
	/** Throws CommandError when there is nothing to install. Undefined: this board cannot be updated. */
	readonly install?: (() => void) | undefined;
}

const IDENTIFY_RANGE = { from: 1, to: 60 } as const;
const IDENTIFY_DEFAULT: Seconds = 5;

/** Obeys `command/interval`. Throws CommandError unless it is a whole number of seconds. */
export function setInterval(target: CommandTarget, interval: Seconds): void {
	if (!Number.isInteger(interval)) throw new CommandError(refusal(String(interval), INTERVAL_RANGE));
	target.setInterval(interval);
}

/** Obeys `command/identify`. Throws CommandError unless the argument is a number of seconds, or empty. */
export function identify(target: CommandTarget, argument: string): void {
	const duration = argument === "" ? IDENTIFY_DEFAULT : Number(argument);
	const isAllowed = Number.isInteger(duration) && duration >= IDENTIFY_RANGE.from && duration <= IDENTIFY_RANGE.to;
	if (!isAllowed) throw new CommandError(refusal(argument, IDENTIFY_RANGE));
	target.identify(duration);
}

/** What is too long to be a number of seconds is not repeated to whoever sent it. */
const LONGEST_QUOTE = 16;

function refusal(text: string, { from, to }: { readonly from: number; readonly to: number }): string {
	const what = text.length > LONGEST_QUOTE ? "the payload" : JSON.stringify(text);
	return `${what} is not a whole number of seconds from ${from} to ${to}`;
}
