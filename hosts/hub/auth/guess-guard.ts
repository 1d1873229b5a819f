import type { AuthVerdict, ConnectionInfo } from "../../../src/broker/index.ts";
import type { Clock, Log, Millis } from "../../../src/ports/index.ts";
import { FailureLimiter, networkOf } from "./failure-limiter.ts";
import { ALLOWED, BAD_CREDENTIALS, TOO_FAST } from "./verdicts.ts";

/** Slows down who guesses passwords: after wrong ones from an address, the next from there waits until it is looked at. */
export class GuessGuard {
	readonly #limiter = new FailureLimiter();
	readonly #clock: Clock;
	readonly #log: Log;

	constructor(clock: Clock, log: Log) {
		this.#clock = clock;
		this.#log = log;
	}

	/** The verdict about one password. `isRight` is asked when its turn has come, or not at all. Rejects as `isRight` does. */
	async check(info: ConnectionInfo, isRight: () => boolean | Promise<boolean>): Promise<AuthVerdict> {
		if (!(await this.admit(info))) return TOO_FAST;
		if (await isRight()) return ALLOWED;
		this.failed(info);
		return BAD_CREDENTIALS;
	}

	/** Waits if there have been wrong ones from the same address. False: too many wait, and this one is not looked at. */
	async admit({ address }: ConnectionInfo): Promise<boolean> {
		const wait = this.#limiter.admit(address, this.#clock.now());
		if (wait !== undefined && wait > 0) await this.#delay(wait);
		return wait !== undefined;
	}

	/** A wrong one came from there. */
	failed({ address }: ConnectionInfo): void {
		if (!this.#limiter.failed(address, this.#clock.now())) return;
		this.#log.write("warn", "wrong passwords from one address: further ones wait", { address: networkOf(address) });
	}

	#delay(span: Millis): Promise<void> {
		return new Promise((resolve) => this.#clock.setTimer(resolve, span));
	}
}
