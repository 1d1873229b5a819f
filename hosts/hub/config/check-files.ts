import type { LineFault } from "../../../src/access/index.ts";
import type { MqttOptions } from "../../../src/config/index.ts";
import { parseAcl, parseUsers } from "../auth/auth-files.ts";
import { readTextFile } from "../auth/text-file.ts";
import { CredentialsError, checkClientFiles, readCredentials } from "../tls/index.ts";
import type { HubSettings, ListenerSettings } from "./settings.ts";

/** What is wrong inside the password, ACL and certificate files that the settings name, with file and line. */
export interface FileFindings {
	readonly errors: readonly string[];
	readonly notices: readonly string[];
}

/** Reads the password, ACL and certificate files as the hub would at its start. */
export function checkFiles(settings: HubSettings): FileFindings {
	const errors: string[] = [];
	const notices: string[] = [];
	const check = (
		path: string,
		parse: (text: string) => { faults: readonly LineFault[]; warnings: readonly LineFault[] },
	) => {
		const file = readTextFile(path);
		if ("error" in file) {
			errors.push(`cannot read ${path}: ${file.error}`);
			return;
		}
		const { faults, warnings } = parse(file.text);
		errors.push(...faults.map(({ line, message }) => `${path}:${line}: ${message}`));
		notices.push(...warnings.map(({ line, message }) => `${path}:${line}: ${message}`));
	};
	for (const path of settings.auth.passwordFiles) check(path, parseUsers);
	if (settings.access.kind === "acl") check(settings.access.file, parseAcl);
	for (const listener of settings.listeners) {
		const found = checkCertificate(listener);
		errors.push(...found.errors);
		notices.push(...found.notices);
	}
	for (const { name, connection } of settings.bridges) errors.push(...connectionFaults(`bridge ${name}`, connection));
	if (settings.connection !== undefined) errors.push(...connectionFaults("mqtt", settings.connection));
	return { errors, notices };
}

/** What keeps a client from ever connecting: what its certificate files hold. */
function connectionFaults(who: string, { tls }: MqttOptions): readonly string[] {
	if (tls === undefined) return [];
	try {
		checkClientFiles(tls);
		return [];
	} catch (error) {
		if (!(error instanceof CredentialsError)) throw error;
		return [`${who}: ${error.message}`];
	}
}

function checkCertificate({ name, tls }: ListenerSettings): FileFindings {
	if (tls === undefined || tls.certificate === "auto") return { errors: [], notices: [] };
	try {
		const { warnings } = readCredentials(tls);
		return { errors: [], notices: warnings.map((warning) => `listener ${name}: ${warning}`) };
	} catch (error) {
		if (!(error instanceof CredentialsError)) throw error;
		return { errors: [`listener ${name}: ${error.message}`], notices: [] };
	}
}
