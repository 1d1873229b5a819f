import type { Millis } from "../ports/index.ts";

/**
 * Everything the client waits for. `connect`: the transport to open, then the broker to answer CONNECT. `keepalive`: to
 * ping, or to find the link dead. `stable`: the connection to count as stable. `reconnect`: the next attempt. `expiry`:
 * the first message of the outbox to expire. `end`: what is owed at the end to be written. `turn`: the event loop to have
 * had its turn. `save`: messages to be acknowledged before they wear the flash. `listen`: what the broker has for a visit.
 */
export type Deadline = "connect" | "keepalive" | "stable" | "reconnect" | "expiry" | "end" | "turn" | "save" | "listen";

/** Points in time by what they are for. */
export class Deadlines {
	// An object, which on XS takes a third of what a Map does for the few that there are.
	#at: Partial<Record<Deadline, Millis>> = {};
	// Never later than the first deadline; it may be earlier after a deadline was put off or cleared.
	/** The point in time at which `due` may find something; infinity: nothing is waited for. */
	next: Millis = Number.POSITIVE_INFINITY;

	get(deadline: Deadline): Millis | undefined {
		return this.#at[deadline];
	}

	set(deadline: Deadline, at: Millis): void {
		this.#at[deadline] = at;
		if (at < this.next) this.next = at;
	}

	clear(deadline: Deadline): void {
		delete this.#at[deadline];
	}

	clearAll(): void {
		this.#at = {};
		this.next = Number.POSITIVE_INFINITY;
	}

	/** Takes one deadline that has come, the earliest first; undefined: none has. */
	due(now: Millis): Deadline | undefined {
		if (now < this.next) return undefined;
		let found: Deadline | undefined;
		let first = Number.POSITIVE_INFINITY;
		(Object.keys(this.#at) as Deadline[]).forEach((deadline) => {
			const at = this.#at[deadline] as Millis;
			if (at >= first) return;
			first = at;
			found = deadline;
		});
		this.next = first;
		if (found === undefined || first > now) return undefined;
		this.clear(found); // `first` stays, as a lower bound of the others
		return found;
	}
}
