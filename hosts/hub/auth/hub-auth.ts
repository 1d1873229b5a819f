import { isDeepStrictEqual } from "node:util";
import type { AccessControl, AuthVerdict, ConnectionInfo } from "../../../src/broker/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import type { Authenticate, AuthRequest } from "../authenticator.ts";
import { accessControl } from "./access-control.ts";
import { makeAuthSecret } from "./auth-secret.ts";
import { type AuthPart, AuthTables } from "./auth-tables.ts";
import { credentialAuthenticator } from "./credentials.ts";
import type { PasswordHash } from "./password-hash.ts";
import { PasswordVerifier } from "./password-verifier.ts";
import { SCRAM_SHA_256, ScramAuthenticator } from "./scram/index.ts";
import { UserDirectory } from "./user-directory.ts";

export interface HubAuthOptions extends AuthPart {
	readonly clock: Clock;
	readonly log: Log;
	/** What users who do not exist are made of (`loadAuthSecret`). Default: one for this process. */
	readonly secret?: Buffer;
	/** Called when other rights are in force than at the start: for `BrokerCore.rightsChanged`. */
	readonly rightsChanged: () => void;
	/** Called when other users may get in than at the start: ask `isAdmitted` about those who are in. */
	readonly usersChanged?: () => void;
}

/** How somebody got in. */
interface Admission {
	readonly username: string | undefined;
	/** What the password was checked against. Undefined: it was not checked. */
	readonly hash: PasswordHash | undefined;
}

/** Who gets in and who may do what, as the settings say, and other settings later on. */
export class HubAuth {
	readonly access: AccessControl;
	/** Of enhanced authentication, for users whose password is known in clear, or by keys made of it. */
	readonly authenticationMethods: readonly string[] = [SCRAM_SHA_256];
	/** What was wrong with the files at the start: those that could not be read let nobody in. */
	readonly errors: readonly string[];
	readonly #options: HubAuthOptions;
	readonly #verifier = new PasswordVerifier();
	readonly #secret: Buffer;
	readonly #scram: ScramAuthenticator;
	readonly #credentials: Authenticate;
	readonly #admissions = new WeakMap<ConnectionInfo, Admission>();
	#tables: AuthTables;
	#users = new UserDirectory([]);
	#isOpen = false;
	#isWatching = false;

	constructor(options: HubAuthOptions) {
		this.#options = options;
		this.#secret = options.secret ?? makeAuthSecret();
		this.#scram = new ScramAuthenticator(new Map(), this.#secret);
		this.#tables = this.#tablesOf(options, "nobody gets in by it");
		this.#credentials = credentialAuthenticator({
			verifier: this.#verifier,
			policyOf: (listener) => this.#tables.policyOf(listener),
			checksPasswords: () => this.#tables.checkPasswords,
			scram: this.#scram,
			clock: options.clock,
			log: options.log,
		});
		this.access = accessControl(() => this.#tables.access);
		this.errors = this.#tables.load();
		this.#takeUsers();
		this.#isOpen = true;
	}

	readonly authenticate: Authenticate = (request) => {
		const verdict = this.#credentials(request);
		return verdict instanceof Promise
			? verdict.then((settled) => this.#remember(request, settled))
			: this.#remember(request, verdict);
	};

	/** Whether who got in over this connection would still get in. True as well of those whom nobody asked for a password. */
	isAdmitted(info: ConnectionInfo): boolean {
		const admission = this.#admissions.get(info);
		if (admission === undefined) return true;
		const { username, hash } = admission;
		const { allowAnonymous, identityAsUsername } = this.#tables.policyOf(info.listener);
		if (identityAsUsername) return info.certificateName !== undefined;
		if (username === undefined) return allowAnonymous;
		if (!this.#tables.checkPasswords) return true;
		return hash !== undefined && isDeepStrictEqual(hash, this.#users.find(username));
	}

	/**
	 * Puts other settings in force, all at once. The errors, each with file and line; then what was in force stays.
	 */
	apply(settings: AuthPart): readonly string[] {
		const tables = this.#tablesOf(settings, "the settings before stay in force");
		const errors = tables.load();
		if (errors.length > 0) {
			tables.close();
			return errors;
		}
		this.#tables.close();
		this.#tables = tables;
		if (this.#isWatching) tables.watch();
		// The rights first: who is disconnected because of the users has a will, and it goes by the new rights.
		this.#options.rightsChanged();
		this.#takeUsers();
		return [];
	}

	/** Reads all files again, for SIGHUP. The errors, each with file and line. */
	reload(): readonly string[] {
		return this.#tables.load();
	}

	/** Reads each file again when it changes, until `close`. */
	watch(): void {
		this.#isWatching = true;
		this.#tables.watch();
	}

	close(): void {
		this.#tables.close();
	}

	#tablesOf(settings: AuthPart, whenUnread: string): AuthTables {
		const { clock, log, rightsChanged } = this.#options;
		const inForce = (change: () => void) => () => {
			if (this.#isOpen && this.#tables === tables) change();
		};
		const tables: AuthTables = new AuthTables(settings, {
			clock,
			log,
			secret: this.#secret,
			whenUnread,
			usersChanged: inForce(() => this.#takeUsers()),
			rightsChanged: inForce(rightsChanged),
		});
		return tables;
	}

	#takeUsers(): void {
		this.#users = this.#tables.users();
		this.#verifier.setUsers(this.#users);
		this.#scram.setUsers(this.#tables.scramKeys(this.#users));
		if (this.#isOpen) this.#options.usersChanged?.();
	}

	#remember({ info, username }: AuthRequest, verdict: AuthVerdict): AuthVerdict {
		if (!("allow" in verdict) || !verdict.allow) return verdict;
		const name = verdict.username ?? username;
		const isChecked = this.#tables.checkPasswords && name !== undefined;
		this.#admissions.set(info, { username: name, hash: isChecked ? this.#users.find(name) : undefined });
		return verdict;
	}
}
