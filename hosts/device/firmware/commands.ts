import type { Message } from "../../../src/client/index.ts";
import { decodeUtf8, ProtocolError } from "../../../src/codec/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import { INTERVAL_RANGE } from "./settings.ts";
import type { CommandName } from "./topics.ts";

/** What a command makes the device do. */
export interface CommandTarget {
	setInterval(interval: Seconds): void;
	identify(duration: Seconds): void;
	restart(): void;
}

/** The command cannot be obeyed; the message says why, for whoever sent it. */
export class CommandError extends Error {
	override name = "CommandError";
}

const IDENTIFY_RANGE = { from: 1, to: 60 } as const;
const IDENTIFY_DEFAULT: Seconds = 5;
/** Longer than any payload that makes sense; the rest is not even decoded. */
const LONGEST_PAYLOAD = 16;

type Handler = (message: Message, target: CommandTarget) => void;

const HANDLERS: Readonly<Record<CommandName, Handler>> = {
	interval(message, target) {
		target.setInterval(seconds(message.payload, INTERVAL_RANGE));
	},
	identify(message, target) {
		refuseRetained(message);
		target.identify(message.payload.length === 0 ? IDENTIFY_DEFAULT : seconds(message.payload, IDENTIFY_RANGE));
	},
	restart(message, target) {
		refuseRetained(message);
		target.restart();
	},
};

/** Obeys one command, or throws CommandError. */
export function obey(name: CommandName, message: Message, target: CommandTarget): void {
	HANDLERS[name](message, target);
}

/** A retained command comes back with every connection: a retained restart would never end. */
function refuseRetained(message: Message): void {
	if (message.retain) throw new CommandError("retained: send it without the retain flag, and clear the topic");
}

function seconds(payload: Uint8Array, range: { readonly from: number; readonly to: number }): Seconds {
	const text = asText(payload);
	const value = Number(text);
	if (isDigits(text) && value >= range.from && value <= range.to) return value;
	throw new CommandError(`${JSON.stringify(text)} is not a whole number of seconds from ${range.from} to ${range.to}`);
}

function asText(payload: Uint8Array): string {
	if (payload.length > LONGEST_PAYLOAD) throw new CommandError(`${payload.length} bytes are too many for this command`);
	try {
		return decodeUtf8(payload, 0, payload.length);
	} catch (error) {
		if (error instanceof ProtocolError) throw new CommandError("the payload is not UTF-8 text", { cause: error });
		throw error;
	}
}

function isDigits(text: string): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code < 0x30 || code > 0x39) return false;
	}
	return text.length > 0;
}
