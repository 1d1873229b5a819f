import { type AccessTable, OPEN_ACCESS, TopicCheckTable } from "../../../src/access/index.ts";
import type { AccessControl } from "../../../src/broker/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import type { Authenticate } from "../authenticator.ts";
import type {
	AccessSettings,
	AuthSettings,
	FiltersByUser,
	ListenerSettings,
	UserSettings,
} from "../config/settings.ts";
import { accessControl } from "./access-control.ts";
import { aclFile, passwordFile } from "./auth-files.ts";
import { credentialAuthenticator, type ListenerPolicy } from "./credentials.ts";
import { type PasswordHash, parsePasswordHash, plainHash } from "./password-hash.ts";
import { PasswordVerifier } from "./password-verifier.ts";
import type { ReloadableFile } from "./reloadable-file.ts";
import { SCRAM_SHA_256, ScramAuthenticator } from "./scram/index.ts";
import { UserDirectory } from "./user-directory.ts";

export interface HubAuthOptions {
	readonly auth: AuthSettings;
	readonly access: AccessSettings;
	readonly listeners: readonly Pick<ListenerSettings, "name" | "allowAnonymous" | "tls">[];
	/** That of `auth.generatedUser`. */
	readonly generatedPassword?: string;
	readonly clock: Clock;
	readonly log: Log;
	/** Called when other rights are in force than at the start: for `BrokerCore.rightsChanged`. */
	readonly rightsChanged: () => void;
}

/** Who gets in and who may do what, as the settings say, from files that are read again when they change. */
export class HubAuth {
	readonly authenticate: Authenticate;
	readonly access: AccessControl;
	/** Of enhanced authentication, for users whose password is known in clear. */
	readonly authenticationMethods: readonly string[];
	/** What was wrong with the files at the start: those that could not be read let nobody in. */
	readonly errors: readonly string[];
	readonly #files: readonly ReloadableFile<unknown>[];
	#isOpen = false;

	constructor(options: HubAuthOptions) {
		const verifier = new PasswordVerifier();
		const own = ownUsers(options);
		const plain = plainPasswords(options);
		this.authenticationMethods = plain.size === 0 ? [] : [SCRAM_SHA_256];
		const { clock, log } = options;
		const userFiles: readonly ReloadableFile<ReadonlyMap<string, PasswordHash>>[] = options.auth.passwordFiles.map(
			(path) => passwordFile({ path, clock, log, changed: () => verifier.setUsers(directory()) }),
		);
		const directory = () => new UserDirectory([own, ...userFiles.map((file) => file.value)]);
		verifier.setUsers(directory());
		const policies = new Map(options.listeners.map((listener) => [listener.name, policyOf(listener)]));
		this.authenticate = credentialAuthenticator({
			verifier,
			policyOf: (listener) => policies.get(listener) ?? CLOSED,
			checkPasswords: options.auth.checkPasswords,
			scram: new ScramAuthenticator(plain),
			clock,
			log,
		});
		const { table, files } = rightsOf(options, () => {
			if (this.#isOpen) options.rightsChanged();
		});
		this.access = accessControl(table);
		this.#files = [...userFiles, ...files];
		this.errors = this.reload();
		this.#isOpen = true;
	}

	/** Reads all files again, for SIGHUP. The errors, each with file and line. */
	reload(): readonly string[] {
		return this.#files.flatMap((file) => file.load());
	}

	/** Reads each file again when it changes, until `close`. */
	watch(): void {
		for (const file of this.#files) file.watch();
	}

	close(): void {
		for (const file of this.#files) file.close();
	}
}

interface Rules {
	readonly table: () => AccessTable;
	readonly files: readonly ReloadableFile<AccessTable>[];
}

const CLOSED: ListenerPolicy = { allowAnonymous: false, identityAsUsername: false };

function policyOf({ allowAnonymous, tls }: Pick<ListenerSettings, "allowAnonymous" | "tls">): ListenerPolicy {
	return { allowAnonymous, identityAsUsername: tls?.identityAsUsername ?? false };
}

function ownUsers({ auth, generatedPassword }: HubAuthOptions): ReadonlyMap<string, PasswordHash> {
	const users = new Map(auth.users.map((user) => [user.name, hashOf(user)]));
	if (auth.generatedUser !== undefined && generatedPassword !== undefined) {
		users.set(auth.generatedUser, plainHash(generatedPassword));
	}
	return users;
}

function plainPasswords({ auth, generatedPassword }: HubAuthOptions): ReadonlyMap<string, string> {
	const plain = auth.users.filter(({ kind }) => kind === "plain");
	const passwords = new Map(plain.map(({ name, secret }) => [name, secret.reveal()]));
	if (auth.generatedUser !== undefined && generatedPassword !== undefined) {
		passwords.set(auth.generatedUser, generatedPassword);
	}
	return passwords;
}

function hashOf({ name, kind, secret }: UserSettings): PasswordHash {
	if (kind === "plain") return plainHash(secret.reveal());
	const hash = parsePasswordHash(secret.reveal());
	if ("fault" in hash) throw new TypeError(`the password of user ${name} ${hash.fault}`); // The settings were checked.
	return hash;
}

function rightsOf({ access, clock, log }: HubAuthOptions, changed: () => void): Rules {
	if (access.kind === "open") return { table: () => OPEN_ACCESS, files: [] };
	if (access.kind === "acl") {
		const file = aclFile({ path: access.file, clock, log, changed });
		return { table: () => file.value, files: [file] };
	}
	const { subscribe, publish, taboo } = access;
	const fixed = new TopicCheckTable({ subscribe: mapOf(subscribe), publish: mapOf(publish), taboo });
	return { table: () => fixed, files: [] };
}

function mapOf(users: FiltersByUser | undefined): ReadonlyMap<string, readonly string[]> | undefined {
	return users && new Map(users.map(({ user, filters }) => [user, filters]));
}
