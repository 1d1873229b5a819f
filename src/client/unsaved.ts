import type { OutgoingStep } from "../session/index.ts";
import type { Context } from "./context.ts";
import type { OutboxMessage } from "./outbox.ts";
import { saveMessage } from "./saved-messages.ts";

/**
 * Messages that the Store does not have yet. What is settled before its time has come is never written; a step of a
 * message that was written is, at once: the Store must not know less than the broker.
 */
export class Unsaved {
	/** Undefined: there never was one. */
	#messages: Map<OutboxMessage, OutgoingStep> | undefined;

	add(message: OutboxMessage): void {
		this.#messages ??= new Map();
		this.#messages.set(message, "publishSent");
	}

	/** The message moved on. False: it is not one of these. */
	advance(message: OutboxMessage, step: OutgoingStep): boolean {
		if (!this.#messages?.has(message)) return false;
		this.#messages.set(message, step);
		return true;
	}

	remove(message: OutboxMessage): void {
		this.#messages?.delete(message);
	}

	/** Takes all of them, in the order in which they were published. */
	take(each: (step: OutgoingStep, message: OutboxMessage) => void): void {
		const all = this.#messages;
		this.#messages = undefined;
		all?.forEach(each);
	}
}

/** Keeps a message: now, or, where it is likely to be acknowledged soon, after a while. */
export function keepMessage(context: Context, message: OutboxMessage): void {
	const { settings, phase, deadlines, unsaved, now } = context;
	if (settings.persistDelay === 0 || phase !== "online") {
		saveMessage(context, message, "publishSent");
		return;
	}
	unsaved.add(message);
	if (deadlines.get("save") === undefined) deadlines.set("save", now + settings.persistDelay);
}

/** Writes all that waits to be kept. */
export function saveAll(context: Context): void {
	context.deadlines.clear("save");
	context.unsaved.take((step, message) => saveMessage(context, message, step));
}
