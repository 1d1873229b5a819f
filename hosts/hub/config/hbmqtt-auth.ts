import {
	boolean,
	choice,
	type FieldValues,
	list,
	optional,
	type Path,
	type Reader,
	type Report,
	record,
	refined,
} from "../../../src/config/index.ts";
import type { AuthBlock } from "./auth-settings.ts";
import type { FileReaders } from "./file-readers.ts";

type Plugin = "auth_anonymous" | "auth_file";

/** HBMQTT's documentation writes auth.anonymous where its code knows auth_anonymous. */
const PLUGINS: Readonly<Record<string, Plugin>> = {
	auth_anonymous: "auth_anonymous",
	"auth.anonymous": "auth_anonymous",
	auth_file: "auth_file",
	"auth.file": "auth_file",
};

const plugin = refined(choice(Object.keys(PLUGINS)), (name) => PLUGINS[name]);

function authFields(files: FileReaders) {
	return {
		plugins: optional(list(plugin)),
		"allow-anonymous": optional(boolean()),
		"password-file": optional(files.file),
	};
}

type Fields = FieldValues<ReturnType<typeof authFields>>;

/** HBMQTT's own default: anonymous clients, and no users. */
export const DEFAULT_HBMQTT_AUTH: AuthBlock = {
	allowAnonymous: true,
	checkPasswords: true,
	users: [],
	passwordFiles: [],
	generatedUser: undefined,
};

/** `auth:` of HBMQTT. */
export function hbmqttAuth(files: FileReaders): Reader<AuthBlock> {
	return refined(record(authFields(files)), toAuth);
}

function toAuth(fields: Fields, path: Path, report: Report): AuthBlock | undefined {
	const file = fields["password-file"];
	const plugins = fields.plugins ?? ["auth_anonymous", "auth_file"];
	if (plugins.length === 0) {
		report.error([...path, "plugins"], "is empty, which lets everybody in; for that say [auth_anonymous]");
		return undefined;
	}
	const asksNobody = file === undefined && !plugins.includes("auth_file");
	if (asksNobody && fields["allow-anonymous"] === false) {
		report.error([...path, "plugins"], "lets in whoever gives any user name; add auth_file, and a password-file");
		return undefined;
	}
	if (asksNobody) report.notice([...path, "plugins"], "lets everybody in: no password is checked");
	if (file !== undefined && !plugins.includes("auth_file")) {
		report.notice(
			[...path, "password-file"],
			"is used although plugins has no auth_file: HBMQTT would check no password",
		);
	}
	return {
		allowAnonymous: allowsAnonymous(fields, path, report),
		checkPasswords: !asksNobody,
		users: [],
		passwordFiles: file === undefined ? [] : [file],
		generatedUser: undefined,
	};
}

/** HBMQTT lets anonymous clients in unless told not to. With a password file, that is taken for not having been meant. */
function allowsAnonymous(fields: Fields, path: Path, report: Report): boolean {
	const said = fields["allow-anonymous"];
	if (said !== undefined) return said;
	if (fields["password-file"] === undefined && fields.plugins?.includes("auth_anonymous") !== false) {
		report.notice(path, "lets anonymous clients in: HBMQTT's default for allow-anonymous is true");
		return true;
	}
	report.notice(path, "keeps anonymous clients out; HBMQTT would let them in (say allow-anonymous: true for that)");
	return false;
}
