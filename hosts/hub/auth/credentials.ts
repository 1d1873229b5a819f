import type { AuthVerdict } from "../../../src/broker/index.ts";
import { REASON } from "../../../src/codec/index.ts";
import type { Clock, Log, Millis } from "../../../src/ports/index.ts";
import type { Authenticate, AuthRequest } from "../authenticator.ts";
import { FailureLimiter, networkOf } from "./failure-limiter.ts";
import type { PasswordVerifier } from "./password-verifier.ts";
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
	readonly checkPasswords: boolean;
	readonly clock: Clock;
	readonly log: Log;
}

const ALLOWED: AuthVerdict = { allow: true };
const BAD_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.BAD_USER_NAME_OR_PASSWORD };
const NO_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
const BUSY: AuthVerdict = { allow: false, reasonCode: REASON.SERVER_BUSY };
const TOO_FAST: AuthVerdict = { allow: false, reasonCode: REASON.CONNECTION_RATE_EXCEEDED };

/** Decides about a CONNECT by its listener's policy, its user name and its password. */
export function credentialAuthenticator(options: CredentialOptions): Authenticate {
	const limiter = new FailureLimiter();
	return (request) => {
		const { username, password, info } = request;
		const policy = options.policyOf(info.listener);
		if (policy.identityAsUsername) {
			const name = info.certificateName;
			return name === undefined || name === "" ? NO_CREDENTIALS : { allow: true, username: name };
		}
		if (username === undefined) return policy.allowAnonymous ? ALLOWED : NO_CREDENTIALS;
		if (!options.checkPasswords) return ALLOWED;
		if (password === undefined) return BAD_CREDENTIALS;
		// Who proved themselves before is not held up by others behind the same address.
		if (options.verifier.recall(username, password) === true) return ALLOWED;
		return checkSlowly({ ...request, username, password }, options, limiter);
	};
}

type PasswordRequest = AuthRequest & { readonly username: string; readonly password: Uint8Array };

async function checkSlowly(
	{ username, password, info }: PasswordRequest,
	{ verifier, clock, log }: CredentialOptions,
	limiter: FailureLimiter,
): Promise<AuthVerdict> {
	const wait = limiter.admit(info.address, clock.now());
	if (wait === undefined) return TOO_FAST;
	if (wait > 0) await delay(clock, wait);
	try {
		if (await verifier.verify(username, password)) return ALLOWED;
	} catch (error) {
		if (error instanceof BusyError) return BUSY;
		throw error;
	}
	if (limiter.failed(info.address, clock.now())) {
		log.write("warn", "wrong passwords from one address: further ones wait", { address: networkOf(info.address) });
	}
	return BAD_CREDENTIALS;
}

function delay(clock: Clock, span: Millis): Promise<void> {
	return new Promise((resolve) => clock.setTimer(resolve, span));
}
