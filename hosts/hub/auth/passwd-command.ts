import { parsePasswordFile } from "./password-file.ts";
import { hashPassword, scramHash, userNameFault, withoutUser, withUser } from "./password-file-edit.ts";
import { PasswdError, readPassword, type Terminal } from "./read-password.ts";
import { replaceFile } from "./replace-file.ts";
import { readTextFile } from "./text-file.ts";

/** What `motehub passwd [-D] FILE USER` asks for. */
export interface PasswdRequest {
	readonly file: string;
	readonly user: string;
	/** Takes the user out in place of adding them. */
	readonly remove: boolean;
	/** Keeps keys for SCRAM-SHA-256 in place of Mosquitto's kind of hash. Default false. */
	readonly scram?: boolean;
}

/**
 * Adds a user to a password file, gives them another password, or removes them. A missing file is made. Says what it
 * did on the terminal's output and gives the exit code: 0, 1 for what failed, 2 for what makes no sense.
 */
export async function runPasswd(request: PasswdRequest, terminal: Terminal): Promise<number> {
	const { file, user, remove } = request;
	const say = (text: string) => terminal.output.write(`${text}\n`);
	const fault = userNameFault(user);
	if (fault !== undefined) {
		say(`error: the user name ${fault}`);
		return 2;
	}
	try {
		const text = readExisting(file);
		const edited = remove ? withoutUser(text, user) : await withNewPassword(text, request, terminal);
		if (edited === undefined) {
			say(`error: ${file} has no user ${user}`);
			return 1;
		}
		write(file, edited);
		say(`${remove ? "removed" : "set the password of"} ${user} in ${file}`);
		for (const { line, message } of parsePasswordFile(edited).faults) say(`warning: ${file}:${line}: ${message}`);
		return 0;
	} catch (error) {
		if (!(error instanceof PasswdError)) throw error;
		say(`error: ${error.message}`);
		return 1;
	}
}

async function withNewPassword(text: string, { user, scram }: PasswdRequest, terminal: Terminal): Promise<string> {
	const password = await readPassword(terminal, user);
	return withUser(text, user, await (scram === true ? scramHash(password) : hashPassword(password)));
}

function readExisting(file: string): string {
	const read = readTextFile(file);
	if ("text" in read) return read.text;
	if (read.isMissing) return "";
	throw new PasswdError(`cannot read ${file}: ${read.error}`);
}

function write(file: string, text: string): void {
	try {
		replaceFile(file, text);
	} catch (error) {
		throw new PasswdError(`cannot write ${file}: ${(error as Error).message}`);
	}
}
