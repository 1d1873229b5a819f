import {
	type AccessTable,
	AclTable,
	CLOSED_ACCESS,
	type LineFault,
	parseMosquittoAcl,
} from "../../../src/access/index.ts";
import { INSIDER } from "../insiders.ts";
import { parsePasswordFile, splitPasswordLine } from "./password-file.ts";
import type { PasswordHash } from "./password-hash.ts";
import { type Parsed, ReloadableFile, type ReloadableOptions } from "./reloadable-file.ts";

type Context = Pick<ReloadableOptions<unknown>, "path" | "whenUnread" | "clock" | "log" | "changed">;

/** A file of users that is read again when it changes. Not read yet: call `load`. */
export function passwordFile(context: Context): ReloadableFile<ReadonlyMap<string, PasswordHash>> {
	return new ReloadableFile({ ...context, kind: "password file", parse: parseUsers, closed: new Map() });
}

/** A file of rights that is read again when it changes. Not read yet: call `load`. */
export function aclFile(context: Context): ReloadableFile<AccessTable> {
	return new ReloadableFile({ ...context, kind: "ACL file", parse: parseAcl, closed: CLOSED_ACCESS });
}

export function parseUsers(text: string): Parsed<ReadonlyMap<string, PasswordHash>> {
	const { users, faults, unsupported } = parsePasswordFile(text);
	const empty = users.size === 0 ? [{ line: 1, message: "has no user who could get in" }] : [];
	return { value: users, faults, warnings: [...unsupported, ...empty, ...insiders(text)] };
}

/** The lines of a user who can have a password and yet never gets in. */
function insiders(text: string): readonly LineFault[] {
	const message = `nobody gets in by the name ${INSIDER}, which is that of the hub's own bridges`;
	return text.split("\n").flatMap((line, index) => {
		return splitPasswordLine(line)?.name === INSIDER ? [{ line: index + 1, message }] : [];
	});
}

export function parseAcl(text: string): Parsed<AccessTable> {
	const { rules, faults } = parseMosquittoAcl(text);
	const empty = rules.length === 0 ? [{ line: 1, message: "has no rule, so nobody may do anything" }] : [];
	return { value: new AclTable(rules), faults, warnings: empty };
}
