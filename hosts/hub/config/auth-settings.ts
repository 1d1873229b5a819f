import {
	boolean,
	type FieldValues,
	isMapping,
	list,
	mapping,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
	type Secret,
	secret,
	withDefault,
} from "../../../src/config/index.ts";
import { userNameFault } from "../auth/password-file-edit.ts";
import { parsePasswordHash } from "../auth/password-hash.ts";
import type { FileReaders } from "./file-readers.ts";
import type { AuthSettings, UserSettings } from "./settings.ts";

/** `auth:`, with what it says for all listeners. */
export interface AuthBlock extends AuthSettings {
	readonly allowAnonymous: boolean;
}

/** The user of a hub that was told of none: nobody knows the password but who may read the data folder. */
export const DEFAULT_USER = "homeassistant";

export const DEFAULT_AUTH: AuthBlock = {
	allowAnonymous: false,
	checkPasswords: true,
	users: [],
	passwordFiles: [],
	generatedUser: DEFAULT_USER,
};

function authFields(files: FileReaders) {
	return {
		allow_anonymous: withDefault(boolean(), false),
		check_passwords: withDefault(boolean(), true),
		users: withDefault<ReadonlyMap<string, UserSecret>>(mapping(userSecret), new Map()),
		password_file: withDefault<readonly string[]>(list(files.file, true), []),
		generated_user: optional(secretless),
	};
}

/** Bytes: MQTT writes their number in two. */
const LONGEST_PASSWORD = 65_535;

type UserSecret = Pick<UserSettings, "kind" | "secret">;

const hashed = record({ hash: secret() });

/** A password in clear, or `hash:` with one as a password file has it. */
const userSecret: Reader<UserSecret> = {
	allowed: "a password, or a mapping with hash: and what a password file has after the colon",
	read(value, path, report) {
		if (isMapping(value)) {
			const hash = hashed.read(value, path, report)?.hash;
			return hash === undefined ? undefined : checkedHash(hash, [...path, "hash"], report);
		}
		const plain = secret().read(value, path, report);
		if (plain === undefined) return undefined;
		if (isHash(plain)) {
			report.error(path, "is a hash; write it as { hash: … }, or it would be taken for the password itself");
			return undefined;
		}
		if (Buffer.byteLength(plain.reveal()) > LONGEST_PASSWORD) {
			report.error(path, `is longer than the ${LONGEST_PASSWORD} bytes that a client can send`);
			return undefined;
		}
		return { kind: "plain", secret: plain };
	},
};

function isHash(password: Secret): boolean {
	return !("fault" in parsePasswordHash(password.reveal()));
}

function checkedHash(hash: Secret, path: Path, report: Report): UserSecret | undefined {
	const parsed = parsePasswordHash(hash.reveal());
	if (!("fault" in parsed)) return { kind: "hash", secret: hash };
	report.error(path, parsed.fault);
	return undefined;
}

const secretless: Reader<string> = {
	allowed: "a user name",
	read(value, path, report) {
		const fault = typeof value === "string" ? userNameFault(value) : "is not text";
		if (fault === undefined) return value as string;
		report.error(path, `the user name ${fault}`);
		return undefined;
	},
};

/** `auth:` */
export function authBlock(files: FileReaders): Reader<AuthBlock> {
	return refined(record(authFields(files)), toAuth);
}

function toAuth(fields: FieldValues<ReturnType<typeof authFields>>, path: Path, report: Report): AuthBlock | undefined {
	const before = report.errors.length;
	for (const name of fields.users.keys()) {
		const fault = userNameFault(name);
		if (fault !== undefined) report.error([...path, "users", name], `the user name ${fault}`, "key");
	}
	if (report.errors.length > before) return undefined;
	return {
		allowAnonymous: fields.allow_anonymous,
		checkPasswords: fields.check_passwords,
		users: [...fields.users].map(([name, user]) => ({ name, ...user })),
		passwordFiles: fields.password_file,
		generatedUser: fields.generated_user,
	};
}
