import type { Millis } from "../ports/index.ts";
import type { ActionQueue } from "./action-queue.ts";
import type { DeniedAction } from "./actions.ts";
import type { CloseReason } from "./close.ts";
import type { Session } from "./session.ts";

/** A client that is refused something again within this time goes on with the same. */
const EPISODE: Millis = 60_000;
/** As many of one episode are news: a device can have several topics without the right to them. */
const NEWS = 5;

interface Episode {
	lastAt: Millis;
	count: number;
}

/** Reports what clients may not do: those of MQTT 3.x are not told that a message was refused, so nobody else would know. */
export class Denials {
	readonly #actions: ActionQueue;
	#episodes = new WeakMap<Session, Episode>();

	constructor(actions: ActionQueue) {
		this.#actions = actions;
	}

	/** `topic`: a topic name, or for `subscribe` a filter. */
	report(session: Session, now: Millis, action: DeniedAction, topic: string, reason: CloseReason): void {
		const { clientId, username } = session;
		const { reasonCode, message } = reason;
		const isRepeated = this.#count(session, now) > NEWS;
		this.#actions.event({ kind: "denied", clientId, username, action, topic, reasonCode, message, isRepeated });
	}

	/** The rights are others now: what is refused from now on is news. */
	forget(): void {
		this.#episodes = new WeakMap();
	}

	#count(session: Session, now: Millis): number {
		const known = this.#episodes.get(session);
		const episode = known !== undefined && now - known.lastAt <= EPISODE ? known : { lastAt: now, count: 0 };
		episode.lastAt = now;
		episode.count++;
		if (episode !== known) this.#episodes.set(session, episode);
		return episode.count;
	}
}
