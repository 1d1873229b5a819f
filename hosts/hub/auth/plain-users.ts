import { createHash, timingSafeEqual } from "node:crypto";
import { UsageError } from "../../../src/codec/index.ts";
import type { Users } from "../authenticator.ts";

/** Users whose passwords are known in clear. Holds only digests. */
export class PlainUsers implements Users {
	readonly #digests: ReadonlyMap<string, Buffer>;
	readonly #nobody = digest("");

	/** Passwords by user name. Throws `UsageError` for an empty one. */
	constructor(passwords: Readonly<Record<string, string>>) {
		for (const [name, password] of Object.entries(passwords)) {
			if (password === "")
				throw new UsageError(`the user ${name} has an empty password: give one, or leave the user out`);
		}
		this.#digests = new Map(Object.entries(passwords).map(([name, password]) => [name, digest(password)]));
	}

	verify(username: string, password: Uint8Array): boolean {
		const expected = this.#digests.get(username);
		const equal = timingSafeEqual(expected ?? this.#nobody, digest(password));
		return equal && expected !== undefined;
	}
}

function digest(password: string | Uint8Array): Buffer {
	return createHash("sha256").update(password).digest();
}
