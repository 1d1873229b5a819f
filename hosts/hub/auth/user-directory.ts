import { makeAuthSecret } from "./auth-secret.ts";
import { Likeness } from "./likeness.ts";
import { type PasswordHash, parsePasswordHash } from "./password-hash.ts";

/** Mosquitto's usual hash of nothing known: what an unknown user costs where nobody is known. */
const NOBODY = `$7$101$${Buffer.alloc(12).toString("base64")}$${Buffer.alloc(64).toString("base64")}`;

/** Users and their passwords, from all sources together. */
export class UserDirectory {
	readonly #users: ReadonlyMap<string, PasswordHash>;
	readonly #decoys: Likeness<PasswordHash>;

	/** Earlier sources go before later ones. `secret`: the same as before, or the decoys are others than before. */
	constructor(sources: readonly ReadonlyMap<string, PasswordHash>[], secret = makeAuthSecret()) {
		this.#users = new Map(sources.toReversed().flatMap((source) => [...source]));
		this.#decoys = new Likeness(secret, this.#users);
	}

	get all(): readonly (readonly [name: string, hash: PasswordHash])[] {
		return [...this.#users];
	}

	find(username: string): PasswordHash | undefined {
		return this.#users.get(username);
	}

	/**
	 * A hash to check an unknown user's password against, so that the answer takes as long as for a known one. Always the
	 * same for the same name: a name whose cost changes is one that nobody has.
	 */
	decoy(username: string): PasswordHash {
		return this.#decoys.of(username) ?? nobody();
	}
}

function nobody(): PasswordHash {
	const hash = parsePasswordHash(NOBODY);
	if ("fault" in hash) throw new TypeError(hash.fault);
	return hash;
}
