import { availableParallelism } from "node:os";
import { UserDirectory } from "./user-directory.ts";
import { VerdictCache } from "./verdict-cache.ts";
import { isSlow, verifyPassword } from "./verify-password.ts";
import { WorkQueue } from "./work-queue.ts";

/** Slow checks that wait. More than every device of a home, and minutes of work at the slowest kind of hash. */
const WAITING = 128;

/** Checks names and passwords: verdicts from memory where it can, in turn where a check is slow. */
export class PasswordVerifier {
	// One core stays free for messages.
	readonly #queue = new WorkQueue(Math.max(1, availableParallelism() - 1), WAITING);
	readonly #running = new Map<string, Promise<boolean>>();
	#users = new UserDirectory([]);
	#verdicts = new VerdictCache();

	/** Replaces all users, and forgets every verdict. */
	setUsers(users: UserDirectory): void {
		this.#users = users;
		this.#verdicts = new VerdictCache();
		this.#running.clear();
	}

	/** The verdict if it is known already. */
	recall(username: string, password: Uint8Array): boolean | undefined {
		return this.#verdicts.get(this.#verdicts.keyOf(username, password));
	}

	/** Takes as long for an unknown user as for a wrong password. Rejects with `BusyError` when too much waits. */
	async verify(username: string, password: Uint8Array): Promise<boolean> {
		const verdicts = this.#verdicts;
		const key = verdicts.keyOf(username, password);
		const known = verdicts.get(key);
		if (known !== undefined) return known;
		// Many devices share one user: what is being checked need not be checked twice.
		let check = this.#running.get(key);
		if (check === undefined) {
			check = this.#check(username, password);
			this.#running.set(key, check);
			check.finally(() => this.#running.delete(key)).catch(() => undefined);
		}
		const right = await check;
		if (verdicts !== this.#verdicts) return this.verify(username, password); // The users changed meanwhile.
		verdicts.set(key, right);
		return right;
	}

	async #check(username: string, password: Uint8Array): Promise<boolean> {
		const known = this.#users.find(username);
		const hash = known ?? this.#users.decoy(username);
		const matches = isSlow(hash)
			? await this.#queue.run(() => verifyPassword(hash, password))
			: await verifyPassword(hash, password);
		return matches && known !== undefined;
	}
}
