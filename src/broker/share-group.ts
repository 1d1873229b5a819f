import type { Session } from "./session.ts";
import type { Subscription } from "./subscription.ts";

/** The members of one shared subscription (MQTT 5 section 4.8.2): same share name, same filter. */
export class ShareGroup {
	readonly #members: Subscription[] = [];
	#turn = 0;

	get size(): number {
		return this.#members.length;
	}

	/** Adds a member, or replaces its earlier subscription. */
	join(subscription: Subscription): void {
		const index = this.#members.findIndex((member) => member.session === subscription.session);
		if (index < 0) this.#members.push(subscription);
		else this.#members[index] = subscription;
	}

	leave(session: Session): void {
		const index = this.#members.findIndex((member) => member.session === session);
		if (index < 0) return;
		this.#members.splice(index, 1);
		if (index < this.#turn) this.#turn--;
	}

	/** Whether a member other than this one is connected. */
	hasConnected(except: Session): boolean {
		return this.#members.some(({ session }) => session !== except && session.connection !== undefined);
	}

	/**
	 * The member that takes the next message: in turn among those that can send it at once, else among the connected
	 * ones, else among all. Members that `permits` refuses are passed over.
	 */
	choose(permits: (session: Session) => boolean): Subscription | undefined {
		let connected: Subscription | undefined;
		let any: Subscription | undefined;
		const start = this.#turn;
		for (let step = 0; step < this.#members.length; step++) {
			const index = (start + step) % this.#members.length;
			const member = this.#members[index] as Subscription;
			if (!permits(member.session)) continue;
			if (member.session.canSendAtOnce) return this.#took(member, index);
			if (member.session.connection !== undefined) connected ??= member;
			any ??= member;
		}
		const member = connected ?? any;
		return member === undefined ? undefined : this.#took(member, this.#members.indexOf(member));
	}

	#took(member: Subscription, index: number): Subscription {
		this.#turn = (index + 1) % this.#members.length;
		return member;
	}
}
