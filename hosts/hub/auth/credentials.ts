import type { AuthVerdict } from "../../../src/broker/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import type { Authenticate, AuthRequest } from "../authenticator.ts";
import { GuessGuard } from "./guess-guard.ts";
import type { PasswordVerifier } from "./password-verifier.ts";
import { SCRAM_SHA_256, type ScramAuthenticator } from "./scram/index.ts";
import { ALLOWED, BAD_CREDENTIALS, BUSY, NO_CREDENTIALS, NO_METHOD, TOO_FAST } from "./verdicts.ts";
import { BusyError } from "./work-queue.ts";

/** Whom one listener lets in. */
export interface ListenerPolicy {
	/** Clients that give no user name. */
	readonly allowAnonymous: boolean;
	/** The verified client certificate names the user; CONNECT's user name and password are not looked at. */
	readonly identityAsUsername: boolean;
}

export interface CredentialOptions {
	readonly verifier: PasswordVerifier;
	readonly policyOf: (listener: string) => ListenerPolicy;
	/** False: a user name is believed without a password (HBMQTT's auth_anonymous without auth_file). */
	readonly checksPasswords: () => boolean;
	/** For clients that do not send their password. */
	readonly scram: ScramAuthenticator;
	readonly clock: Clock;
	readonly log: Log;
}

/** Decides about a CONNECT by its listener's policy, its user name and its password. */
export function credentialAuthenticator(options: CredentialOptions): Authenticate {
	const guard = new GuessGuard(options.clock, options.log);
	return (request) => {
		const { username, password, info, method } = request;
		const policy = options.policyOf(info.listener);
		if (policy.identityAsUsername) {
			if (method !== undefined) return NO_METHOD;
			const name = info.certificateName;
			return name === undefined || name === "" ? NO_CREDENTIALS : { allow: true, username: name };
		}
		if (method === SCRAM_SHA_256 && options.scram.hasUsers) return checkScram(request, options.scram, guard);
		if (method !== undefined) return NO_METHOD;
		if (username === undefined) return policy.allowAnonymous ? ALLOWED : NO_CREDENTIALS;
		if (!options.checksPasswords()) return ALLOWED;
		if (password === undefined) return BAD_CREDENTIALS;
		// Who proved themselves before is not held up by others behind the same address.
		if (options.verifier.recall(username, password) === true) return ALLOWED;
		return checkSlowly({ ...request, username, password }, options.verifier, guard);
	};
}

type PasswordRequest = AuthRequest & { readonly username: string; readonly password: Uint8Array };

async function checkSlowly(
	{ username, password, info }: PasswordRequest,
	verifier: PasswordVerifier,
	guard: GuessGuard,
): Promise<AuthVerdict> {
	try {
		return await guard.check(info, () => verifier.verify(username, password));
	} catch (error) {
		if (error instanceof BusyError) return BUSY;
		throw error;
	}
}

async function checkScram(request: AuthRequest, scram: ScramAuthenticator, guard: GuessGuard): Promise<AuthVerdict> {
	if (scram.isDecisive(request) && !(await guard.admit(request.info))) return TOO_FAST;
	const verdict = await scram.authenticate(request);
	if ("allow" in verdict && !verdict.allow) guard.failed(request.info);
	return verdict;
}
