import { type AccessTable, AclTable, CLOSED_ACCESS, parseMosquittoAcl } from "../../../src/access/index.ts";
import { parsePasswordFile } from "./password-file.ts";
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
	return { value: users, faults, warnings: [...unsupported, ...empty] };
}

export function parseAcl(text: string): Parsed<AccessTable> {
	const { rules, faults } = parseMosquittoAcl(text);
	const empty = rules.length === 0 ? [{ line: 1, message: "has no rule, so nobody may do anything" }] : [];
	return { value: new AclTable(rules), faults, warnings: empty };
}
