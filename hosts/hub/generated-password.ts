import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./auth/replace-file.ts";
import { codeOf, DataFolderError } from "./data-folder.ts";

const FILE_NAME = "password";
const RIGHTS_OF_OTHERS = 0o077;
/** 144 bits of randomness, 24 characters. */
const RANDOM_BYTES = 18;

/** The password of the embedded broker's own user, and where it is kept. */
export interface GeneratedPassword {
	readonly password: string;
	readonly file: string;
	/** True when it was made just now: the only time it is shown. */
	readonly created: boolean;
	/** True when others on this machine could read or change the file until now. */
	readonly wasExposed: boolean;
}

/** Reads the password from the data folder, or makes one at the first start. Throws `DataFolderError`. */
export function loadOrGeneratePassword(folder: string): GeneratedPassword {
	const file = join(folder, FILE_NAME);
	const kept = read(file);
	if (kept !== undefined) return { password: kept, file, created: false, wasExposed: tighten(file) };
	const password = randomBytes(RANDOM_BYTES).toString("base64url");
	write(file, `${password}\n`);
	return { password, file, created: true, wasExposed: false };
}

function read(file: string): string | undefined {
	const text = readIfPresent(file);
	if (text === undefined) return undefined;
	const password = text.replace(/\r?\n$/, "");
	if (/^[^\p{Cc}\uFFFD]+$/u.test(password)) return password;
	throw new DataFolderError(
		`the password file ${file} is damaged (it must hold one line of text): put a password into it, or delete it to get a new one`,
	);
}

function readIfPresent(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		if (codeOf(error) === "ENOENT") return undefined;
		throw DataFolderError.because(`cannot read the password file ${file}`, error, "make it readable for this user");
	}
}

/** Takes away the rights of group and others. True: they had some. */
function tighten(file: string): boolean {
	if (process.platform === "win32" || (statSync(file).mode & RIGHTS_OF_OTHERS) === 0) return false;
	try {
		chmodSync(file, 0o600);
	} catch (error) {
		throw DataFolderError.because(`others can read the password file ${file}`, error, "set its mode to 0600");
	}
	return true;
}

function write(file: string, text: string): void {
	try {
		replaceFile(file, text);
	} catch (error) {
		throw DataFolderError.because(`cannot write ${file}`, error, "choose another data folder with --data");
	}
}

/** The password itself only when it is new and on a terminal: what is not one may be a log that others read. */
export function describeCredentials(
	username: string,
	{ password, file, created }: GeneratedPassword,
	onTerminal: boolean,
): string {
	if (!created || !onTerminal) return `user name ${username}, password in ${file}\n`;
	return `user name ${username}, password ${password}\nThis is shown once. The password is kept in ${file}\n`;
}
