import type { ConnectionInfo } from "../../../src/broker/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import type { Authenticate, Users } from "../authenticator.ts";
import { SILENT } from "../log.ts";
import { GuessGuard } from "./guess-guard.ts";
import { NODE_CLOCK } from "./node-clock.ts";
import { VerdictCache } from "./verdict-cache.ts";
import { ALLOWED, BAD_CREDENTIALS, NO_CREDENTIALS } from "./verdicts.ts";

export interface PasswordAuthenticatorOptions {
	/** Where it says that somebody guesses. Default: nowhere. */
	readonly log?: Log | undefined;
	readonly clock?: Clock | undefined;
}

/**
 * Lets in who gives a right password, and, where `allowAnonymous`, who gives no user name at all. After five wrong
 * passwords from one address further ones wait, unless they have been right before.
 */
export function passwordAuthenticator(
	users: Users,
	allowAnonymous: (info: ConnectionInfo) => boolean,
	{ log = SILENT, clock = NODE_CLOCK }: PasswordAuthenticatorOptions = {},
): Authenticate {
	const guard = new GuessGuard(clock, log);
	const proven = new VerdictCache();
	const check = async (info: ConnectionInfo, username: string, password: Uint8Array) => {
		const isRight = () => users.verify(username, password);
		const key = proven.keyOf(username, password);
		// It may be wrong by now, so it is looked at all the same.
		if (proven.get(key) === true && (await isRight())) return ALLOWED;
		const verdict = await guard.check(info, isRight);
		if (verdict === ALLOWED) proven.set(key, true);
		return verdict;
	};
	return ({ username, password, info }) => {
		if (username === undefined) return allowAnonymous(info) ? ALLOWED : NO_CREDENTIALS;
		return password === undefined ? BAD_CREDENTIALS : check(info, username, password);
	};
}
