import type { Millis, Seconds } from "../ports/index.ts";

/** A PINGREQ is due when nothing was sent, or nothing received, for this share of the keep alive interval. */
const IDLE_SHARE = 0.75;
/** The link is dead when nothing arrives for this share of the interval after the PINGREQ was due. */
const ANSWER_SHARE = 0.5;
/** Long intervals save traffic; they are no reason to wait long for an answer. */
const LONGEST_ANSWER: Millis = 60_000;

/**
 * Finds half-open links (MQTT 5 section 3.1.2.10), at the latest 1.25 intervals after the last sign of life. Every byte
 * that arrives is a sign of life, PINGRESP or not, and so is every part of a packet that the transport takes after it
 * could not: a large packet on a slow link must not look like a dead one.
 */
export class Keepalive {
	#interval: Millis = 0;
	#sent: Millis = 0;
	#received: Millis = 0;
	/** Since when an answer to PINGREQ is awaited, put off by signs of life. */
	#asked: Millis | undefined;

	/** A connection begins. 0: no keepalive. */
	start(interval: Seconds, now: Millis): void {
		this.#interval = interval * 1_000;
		this.#sent = now;
		this.#received = now;
		this.#asked = undefined;
	}

	/** The transport took bytes. */
	sent(now: Millis): void {
		this.#sent = now;
	}

	/** Bytes arrived, of whatever packet. */
	received(now: Millis): void {
		this.#received = now;
		this.#asked = undefined;
	}

	/** The transport, full before, takes bytes again. */
	progressed(now: Millis): void {
		if (this.#asked !== undefined) this.#asked = now;
	}

	/** When to call `check`; undefined: never. */
	get deadline(): Millis | undefined {
		if (this.#interval === 0) return undefined;
		if (this.#asked !== undefined) return this.#asked + Math.min(this.#interval * ANSWER_SHARE, LONGEST_ANSWER);
		return Math.min(this.#sent, this.#received) + this.#interval * IDLE_SHARE;
	}

	/** What the time has come for: `ping`: send a PINGREQ (an answer is awaited from now on); `dead`: close. */
	check(now: Millis): "ping" | "dead" | undefined {
		const deadline = this.deadline;
		if (deadline === undefined || now < deadline) return undefined;
		if (this.#asked !== undefined) return "dead";
		this.#asked = now;
		return "ping";
	}
}
