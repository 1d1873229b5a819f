import { type AccessTable, OPEN_ACCESS, TopicCheckTable } from "../../../src/access/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import type {
	AccessSettings,
	AuthSettings,
	FiltersByUser,
	ListenerSettings,
	UserSettings,
} from "../config/settings.ts";
import { aclFile, passwordFile } from "./auth-files.ts";
import type { ListenerPolicy } from "./credentials.ts";
import { type PasswordHash, parsePasswordHash, plainHash } from "./password-hash.ts";
import type { ReloadableFile } from "./reloadable-file.ts";
import { deriveKeys, type ScramKeys, saltOf } from "./scram/index.ts";
import { UserDirectory } from "./user-directory.ts";

/** The part of the settings that says who gets in and who may do what. */
export interface AuthPart {
	readonly auth: AuthSettings;
	readonly access: AccessSettings;
	readonly listeners: readonly Pick<ListenerSettings, "name" | "allowAnonymous" | "tls">[];
	/** That of `auth.generatedUser`. */
	readonly generatedPassword?: string;
}

export interface AuthTablesContext {
	readonly clock: Clock;
	readonly log: Log;
	/** What decoys and salts are made of. */
	readonly secret: Buffer;
	/** Completes the log line about a file that could not be read at the first time. */
	readonly whenUnread: string;
	readonly usersChanged: () => void;
	readonly rightsChanged: () => void;
}

/** What one configuration says about who gets in and who may do what, from files that are read again when they change. */
export class AuthTables {
	/** False: a user name is believed without a password. */
	readonly checkPasswords: boolean;
	readonly #policies: ReadonlyMap<string, ListenerPolicy>;
	readonly #own: ReadonlyMap<string, PasswordHash>;
	readonly #ownKeys: ReadonlyMap<string, Promise<ScramKeys>>;
	readonly #userFiles: readonly ReloadableFile<ReadonlyMap<string, PasswordHash>>[];
	readonly #aclFile: ReloadableFile<AccessTable> | undefined;
	readonly #fixedRights: AccessTable;
	readonly #secret: Buffer;

	/** The files are not read yet: call `load`. */
	constructor(settings: AuthPart, { usersChanged, rightsChanged, secret, ...context }: AuthTablesContext) {
		const { auth, access } = settings;
		this.checkPasswords = auth.checkPasswords;
		this.#policies = new Map(settings.listeners.map((listener) => [listener.name, policyOf(listener)]));
		this.#own = ownUsers(settings);
		this.#secret = secret;
		this.#ownKeys = new Map(
			[...plainPasswords(settings)].map(([name, password]) => [name, deriveKeys(password, saltOf(secret, name))]),
		);
		this.#userFiles = auth.passwordFiles.map((path) => passwordFile({ path, ...context, changed: usersChanged }));
		this.#aclFile =
			access.kind === "acl" ? aclFile({ path: access.file, ...context, changed: rightsChanged }) : undefined;
		this.#fixedRights = fixedRights(access);
	}

	/** All users, as the files are now. */
	users(): UserDirectory {
		return new UserDirectory([this.#own, ...this.#userFiles.map((file) => file.value)], this.#secret);
	}

	/** The keys of those in the directory for whom there are any. */
	scramKeys(users: UserDirectory): ReadonlyMap<string, Promise<ScramKeys>> {
		const kept = users.all.flatMap(([name, hash]) =>
			hash.scheme === "scram" ? [[name, Promise.resolve(hash.keys)] as const] : [],
		);
		return new Map([...kept, ...this.#ownKeys]);
	}

	get access(): AccessTable {
		return this.#aclFile?.value ?? this.#fixedRights;
	}

	policyOf(listener: string): ListenerPolicy {
		return this.#policies.get(listener) ?? CLOSED;
	}

	/** Reads all files now. The errors, each with file and line. */
	load(): readonly string[] {
		return this.#files.flatMap((file) => file.load());
	}

	/** Reads each file again when it changes, until `close`. */
	watch(): void {
		for (const file of this.#files) file.watch();
	}

	close(): void {
		for (const file of this.#files) file.close();
	}

	/** The rights first: who is disconnected because of the users has a will, and it goes by the new rights. */
	get #files(): readonly ReloadableFile<unknown>[] {
		return this.#aclFile === undefined ? this.#userFiles : [this.#aclFile, ...this.#userFiles];
	}
}

const CLOSED: ListenerPolicy = { allowAnonymous: false, identityAsUsername: false };

function policyOf({ allowAnonymous, tls }: Pick<ListenerSettings, "allowAnonymous" | "tls">): ListenerPolicy {
	return { allowAnonymous, identityAsUsername: tls?.identityAsUsername ?? false };
}

function ownUsers({ auth, generatedPassword }: AuthPart): ReadonlyMap<string, PasswordHash> {
	const users = new Map(auth.users.map((user) => [user.name, hashOf(user)]));
	if (auth.generatedUser !== undefined && generatedPassword !== undefined) {
		users.set(auth.generatedUser, plainHash(generatedPassword));
	}
	return users;
}

function plainPasswords({ auth, generatedPassword }: AuthPart): ReadonlyMap<string, string> {
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

/** Rights that no file holds. */
function fixedRights(access: AccessSettings): AccessTable {
	if (access.kind !== "topics") return OPEN_ACCESS;
	const { subscribe, publish, taboo } = access;
	return new TopicCheckTable({ subscribe: mapOf(subscribe), publish: mapOf(publish), taboo });
}

function mapOf(users: FiltersByUser | undefined): ReadonlyMap<string, readonly string[]> | undefined {
	return users && new Map(users.map(({ user, filters }) => [user, filters]));
}
