import { createPrivateKey, X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import { DataFolderError } from "../data-folder.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import { type HostNames, namesIn, unique } from "./host-names.ts";
import { type Issued, issueAuthority, issueServer } from "./issue.ts";

/** What there is after `ensureCertificates`. */
export interface HomeCertificates {
	readonly names: HostNames;
	readonly serverValidTo: Date;
	readonly authorityValidTo: Date;
	/** Devices need the CA file, for the first time or again. */
	readonly madeAuthority: boolean;
	readonly madeServer: boolean;
}

const DAY = 86_400_000;
/** Renewed so long before the end, so that a hub that is seldom on has its chances. */
const SERVER_MARGIN = 30 * DAY;
/** Longer than a server certificate lives: none outlives its CA. */
const AUTHORITY_MARGIN = 400 * DAY;
/** A certificate keeps the names that it had, to this number. */
const MAX_NAMES = 100;

interface Parsed extends Issued {
	readonly parsed: X509Certificate;
}

/**
 * Makes the home's CA and its server certificate, or renews what expires soon, is damaged or lacks one of the names. A CA
 * that expires is renewed with the key that it has: devices with the old file go on until that expires. Throws
 * `DataFolderError`.
 */
export async function ensureCertificates(
	folder: CertificateFolder,
	wanted: HostNames,
	now = Date.now(),
): Promise<HomeCertificates> {
	const oldAuthority = readAuthority(folder);
	const authority = await currentAuthority(folder, oldAuthority, now);
	const madeAuthority = authority !== oldAuthority;
	const oldServer = readServer(folder);
	const server = await currentServer(folder, oldServer, authority, wanted, now);
	return {
		names: namesIn(server.subjectAltName),
		serverValidTo: new Date(server.validTo),
		authorityValidTo: new Date(authority.parsed.validTo),
		madeAuthority,
		madeServer: server !== oldServer,
	};
}

async function currentAuthority(folder: CertificateFolder, old: Parsed | undefined, now: number): Promise<Parsed> {
	if (old !== undefined && !expires(old.parsed, now, AUTHORITY_MARGIN)) return old;
	const issued = await issueAuthority(`motehub CA of ${hostname()}`, now, old?.key);
	// The key first: a certificate is what says that there is a CA.
	folder.write(folder.authorityKey, issued.key);
	folder.write(folder.authority, issued.certificate);
	return { ...issued, parsed: new X509Certificate(issued.certificate) };
}

async function currentServer(
	folder: CertificateFolder,
	old: X509Certificate | undefined,
	authority: Parsed,
	wanted: HostNames,
	now: number,
): Promise<X509Certificate> {
	const had = namesIn(old?.subjectAltName);
	const isOurs = old?.verify(authority.parsed.publicKey) === true;
	const names = unique([...wanted, ...had]).slice(0, MAX_NAMES);
	const hasNames = names.every((name) => had.includes(name));
	if (old !== undefined && isOurs && hasNames && !expires(old, now, SERVER_MARGIN)) return old;
	const issued = await issueServer(authority, names, now);
	folder.write(folder.server, issued.key + issued.certificate + authority.certificate);
	return new X509Certificate(issued.certificate);
}

/** Also true of a certificate that is over. Before its start it is the clock that is wrong. */
function expires({ validFrom, validTo }: X509Certificate, now: number, margin: number): boolean {
	return now >= Date.parse(validFrom) && Date.parse(validTo) - now < margin;
}

/** The CA, if there is one. One that cannot be used is not replaced: every device would have to be given another. */
function readAuthority(folder: CertificateFolder): Parsed | undefined {
	const certificate = folder.read(folder.authority);
	if (certificate === undefined) return undefined;
	const key = folder.read(folder.authorityKey);
	const advice = "restore the file, or delete both to make a new CA, whose file every device then needs";
	if (key === undefined)
		throw new DataFolderError(`${folder.authorityKey} is missing beside ${folder.authority}: ${advice}`);
	try {
		const parsed = new X509Certificate(certificate);
		if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error("they do not belong together");
		return { certificate, key, parsed };
	} catch (error) {
		const reason = (error as Error).message;
		throw new DataFolderError(`${folder.authority} and ${folder.authorityKey} cannot be used (${reason}): ${advice}`);
	}
}

/** The server's certificate, if the file is whole. */
function readServer(folder: CertificateFolder): X509Certificate | undefined {
	const text = folder.read(folder.server);
	if (text === undefined) return undefined;
	try {
		const certificate = new X509Certificate(text);
		return certificate.checkPrivateKey(createPrivateKey(text)) ? certificate : undefined;
	} catch {
		return undefined; // It holds nothing but what is made anew.
	}
}
