import type { Message } from "./message.ts";
import type { Subscription } from "./subscription.ts";

/** Retained messages on their way to a new subscription. */
export class Replay {
	readonly subscription: Subscription;
	/** Found when its turn comes, so that one client holds one list at a time. */
	#messages: Message[] | undefined;
	#at = 0;

	constructor(subscription: Subscription) {
		this.subscription = subscription;
	}

	get isStarted(): boolean {
		return this.#messages !== undefined;
	}

	start(messages: Message[]): void {
		this.#messages = messages;
	}

	/** The message to be sent next. Passes over what has been replaced: its replacement was delivered as it came. */
	get first(): Message | undefined {
		const messages = this.#messages ?? [];
		while (this.#at < messages.length && messages[this.#at]?.current === false) this.#at++;
		return messages[this.#at];
	}

	/** Moves on to the next message. */
	advance(): void {
		this.#at++;
	}
}
