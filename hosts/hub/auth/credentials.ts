import type { AuthVerdict, ConnectionInfo } from "../../../src/broker/index.ts";
import { REASON } from "../../../src/codec/index.ts";
import type { Clock, Log, Millis } from "../../../src/ports/index.ts";
import type { Authenticate, AuthRequest } from "../authenticator.ts";
import { FailureLimiter, networkOf } from "./failure-limiter.ts";
import type { PasswordVerifier } from "./password-verifier.ts";
import { SCRAM_SHA_256, type ScramAuthenticator } from "./scram/index.ts";
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

const ALLOWED: AuthVerdict = { allow: true };
const BAD_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.BAD_USER_NAME_OR_PASSWORD };
const NO_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
const NO_METHOD: AuthVerdict = { allow: false, reasonCode: REASON.BAD_AUTHENTICATION_METHOD };
const BUSY: AuthVerdict = { allow: false, reasonCode: REASON.SERVER_BUSY };
const TOO_FAST: AuthVerdict = { allow: false, reasonCode: REASON.CONNECTION_RATE_EXCEEDED };

/** Decides about a CONNECT by its listener's policy, its user name and its password. */
export function credentialAuthenticator(options: CredentialOptions): Authenticate {
	const limiter = new FailureLimiter();
	return (request) => {
		const { username, password, info, method } = request;
		const policy = options.policyOf(info.listener);
		if (policy.identityAsUsername) {
			if (method !== undefined) return NO_METHOD;
			const name = info.certificateName;
			return name === undefined || name === "" ? NO_CREDENTIALS : { allow: true, username: name };
		}
		if (method === SCRAM_SHA_256 && options.scram.hasUsers) return checkScram(request, options, limiter);
		if (method !== undefined) return NO_METHOD;
		if (username === undefined) return policy.allowAnonymous ? ALLOWED : NO_CREDENTIALS;
		if (!options.checksPasswords()) return ALLOWED;
		if (password === undefined) return BAD_CREDENTIALS;
		// Who proved themselves before is not held up by others behind the same address.
		if (options.verifier.recall(username, password) === true) return ALLOWED;
		return checkSlowly({ ...request, username, password }, options, limiter);
	};
}

type PasswordRequest = AuthRequest & { readonly username: string; readonly password: Uint8Array };

async function checkSlowly(
	{ username, password, info }: PasswordRequest,
	options: CredentialOptions,
	limiter: FailureLimiter,
): Promise<AuthVerdict> {
	if (!(await admitted(info, options, limiter))) return TOO_FAST;
	try {
		if (await options.verifier.verify(username, password)) return ALLOWED;
	} catch (error) {
		if (error instanceof BusyError) return BUSY;
		throw error;
	}
	noteFailure(info, options, limiter);
	return BAD_CREDENTIALS;
}

async function checkScram(
	request: AuthRequest,
	options: CredentialOptions,
	limiter: FailureLimiter,
): Promise<AuthVerdict> {
	const { scram } = options;
	if (scram.isDecisive(request) && !(await admitted(request.info, options, limiter))) return TOO_FAST;
	const verdict = await scram.authenticate(request);
	if ("allow" in verdict && !verdict.allow) noteFailure(request.info, options, limiter);
	return verdict;
}

/** False: the password is not looked at. Waits if there have been wrong ones from the same address. */
async function admitted(
	{ address }: ConnectionInfo,
	{ clock }: CredentialOptions,
	limiter: FailureLimiter,
): Promise<boolean> {
	const wait = limiter.admit(address, clock.now());
	if (wait !== undefined && wait > 0) await delay(clock, wait);
	return wait !== undefined;
}

function noteFailure({ address }: ConnectionInfo, { clock, log }: CredentialOptions, limiter: FailureLimiter): void {
	if (!limiter.failed(address, clock.now())) return;
	log.write("warn", "wrong passwords from one address: further ones wait", { address: networkOf(address) });
}

function delay(clock: Clock, span: Millis): Promise<void> {
	return new Promise((resolve) => clock.setTimer(resolve, span));
}
