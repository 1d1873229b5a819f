import type { ProtocolVersion } from "../codec/index.ts";
import type { Millis, Random } from "../ports/index.ts";

/** Versions by the names that people know. */
export type Protocol = "3.1" | "3.1.1" | "5";

/** The protocol level on the wire. */
export const LEVEL: Readonly<Record<Protocol, ProtocolVersion>> = { "3.1": 3, "3.1.1": 4, "5": 5 };

/** From the newest down. */
export const LADDER: readonly Protocol[] = ["5", "3.1.1", "3.1"];

/** A lower rung that works is kept this long before the top is tried again: brokers get updated. */
export const RETRY_TOP_AFTER: Millis = 24 * 3_600_000;
/** Besides, one round in this many starts at the top: some devices never run for a day. */
export const RETRY_TOP_ROUNDS = 32;
/** So often in a row must a rung that worked before be met by a closed connection until a lower one is remembered. */
const DOUBTFUL_ROUNDS = 2;

/** How a broker refuses a version: `answered` by CONNACK, or `closed` without a byte, as brokers of 2014 do. */
export type VersionRefusal = "answered" | "closed";

/**
 * The protocol version to speak, found by going down from the version asked for. A round goes down until a CONNACK
 * accepts, each rung once; whatever else ends an attempt (network, credentials, silence) ends the round.
 */
export class Ladder {
	readonly #random: Random;
	/** The rung asked for. Rungs are places in LADDER. */
	readonly #top: number;
	#index: number;
	/** The rung that CONNACK 0 arrived at; undefined: none yet. */
	#found: number | undefined;
	#topTried: Millis | undefined;
	/** Of the last attempt of this round. `exhausted`: there was no lower rung to go to. */
	#refusal: VersionRefusal | "exhausted" | undefined;
	#doubts = 0;

	/** `remembered`: the version that worked before the restart, if any. */
	constructor(top: Protocol, remembered: Protocol | undefined, random: Random) {
		this.#top = LADDER.indexOf(top);
		this.#index = this.#top;
		const found = remembered === undefined ? -1 : LADDER.indexOf(remembered);
		this.#found = found < this.#top ? undefined : found;
		this.#random = random;
	}

	/** The rung stood on. */
	get protocol(): Protocol {
		return LADDER[this.#index] as Protocol;
	}

	/** Whether there is no lower rung. */
	get isLast(): boolean {
		return this.#index + 1 === LADDER.length;
	}

	/** Starts a round, at the version that works, or now and then at the top. */
	begin(now: Millis): void {
		this.#topTried ??= now;
		this.#index = this.#refusal === "exhausted" ? this.#top : (this.#found ?? this.#top);
		this.#refusal = undefined;
		if (this.#index > this.#top && this.isTimeForTop(now)) this.#index = this.#top;
		if (this.#index === this.#top) this.#topTried = now;
	}

	/** The broker refused the version. Where it was the last rung, it was not the version: the next round is from the top. */
	refused(how: VersionRefusal): void {
		this.#refusal = this.isLast ? "exhausted" : how;
		if (!this.isLast) this.#index++;
	}

	/** CONNACK 0 arrived. True: the version is to be remembered for the next start. */
	accepted(): boolean {
		const before = this.#found;
		if (this.isDoubtful()) {
			this.#doubts++;
			return false;
		}
		this.#doubts = 0;
		this.#found = this.#index;
		return before !== this.#found;
	}

	// A broker that goes down after it read our CONNECT closes just like one that does not know the version. Where a
	// higher rung has worked, one such round is no reason to stay below for a day.
	private isDoubtful(): boolean {
		const isLower = this.#found !== undefined && this.#index > this.#found;
		return isLower && this.#refusal === "closed" && this.#doubts + 1 < DOUBTFUL_ROUNDS;
	}

	private isTimeForTop(now: Millis): boolean {
		return now - (this.#topTried ?? now) >= RETRY_TOP_AFTER || this.#random.next() * RETRY_TOP_ROUNDS < 1;
	}
}
