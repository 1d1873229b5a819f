import type { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientIdentity } from "./client-identity.ts";
import { CaError } from "./errors.ts";
import { describe } from "./judge.ts";

/** A bundled certificate as a file. */
export interface BundledFile {
	/** What `mqtt.certificate` names, and the resource on the device. */
	readonly name: string;
	readonly certificate: X509Certificate;
}

/** A client's certificate, its issuers and its key as files. */
export interface BundledIdentity {
	readonly chain: readonly BundledFile[];
	readonly key: Buffer;
}

/** The part of a Moddable manifest that bundles certificates and says so to the firmware. */
interface ManifestPart {
	readonly config: {
		readonly mqtt: {
			readonly certificate: readonly string[];
			readonly client_cert?: readonly string[];
			readonly client_key?: string;
		};
	};
	readonly data: { readonly "*": readonly string[] };
}

/** In `folder`; the build includes it. */
export const MANIFEST = "manifest.json";
/** Of the client's private key. */
export const KEY_FILE = "client_key.der";
/** ESP32 resources lie in a table of names in flash. */
const LONGEST_STEM = 24;

/** Gives each certificate a file name of its own, out of its subject. */
export function nameFiles(certificates: readonly X509Certificate[]): BundledFile[] {
	const taken = new Set<string>();
	return certificates.map((certificate) => {
		const stem = slug(describe(certificate));
		let name = `${stem}.der`;
		for (let count = 2; taken.has(name); count++) name = `${stem}-${count}.der`;
		taken.add(name);
		return { name, certificate };
	});
}

/** Gives the certificates of a client's identity file names that no other certificate gets. */
export function nameIdentity({ chain, key }: ClientIdentity): BundledIdentity {
	const named = chain.map((certificate, at) => {
		return { name: at === 0 ? "client_cert.der" : `client_cert_${at + 1}.der`, certificate };
	});
	return { chain: named, key };
}

/**
 * Writes the DER files and the manifest part into `folder`, in place of what this tool wrote there before. Throws CaError
 * when it cannot.
 */
export function writeBundle(folder: string, files: readonly BundledFile[], identity?: BundledIdentity): void {
	try {
		write(folder, files, identity);
	} catch (error) {
		throw new CaError(`${folder}: cannot be written to: ${(error as Error).message}`, { cause: error });
	}
}

function write(folder: string, files: readonly BundledFile[], identity: BundledIdentity | undefined): void {
	mkdirSync(folder, { recursive: true });
	for (const name of formerFiles(folder)) rmSync(join(folder, name), { force: true });
	const chain = identity?.chain ?? [];
	for (const { name, certificate } of [...files, ...chain]) writeFileSync(join(folder, name), certificate.raw);
	// One that is there keeps its rights.
	rmSync(join(folder, KEY_FILE), { force: true });
	if (identity !== undefined) writeFileSync(join(folder, KEY_FILE), identity.key, { mode: 0o600 });
	const part = manifestPart(namesOf(files), identity && namesOf(chain));
	writeFileSync(join(folder, MANIFEST), `${JSON.stringify(part, null, "\t")}\n`);
}

function namesOf(files: readonly BundledFile[]): readonly string[] {
	return files.map(({ name }) => name);
}

function manifestPart(certificate: readonly string[], chain: readonly string[] | undefined): ManifestPart {
	const mqtt = chain === undefined ? { certificate } : { certificate, client_cert: chain, client_key: KEY_FILE };
	const files = chain === undefined ? certificate : [...certificate, ...chain, KEY_FILE];
	return { config: { mqtt }, data: { "*": files.map((name) => `./${name}`) } };
}

function formerFiles(folder: string): readonly string[] {
	try {
		const part = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Partial<ManifestPart>;
		const { certificate = [], client_cert: chain = [], client_key: key = "" } = part.config?.mqtt ?? {};
		return [...certificate, ...chain, key].filter((name) => /^[\w-]+\.der$/.test(name));
	} catch {
		// There is none, or it is not ours: nothing to clear away.
		return [];
	}
}

function slug(text: string): string {
	const words = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
	return words.slice(0, LONGEST_STEM).replace(/^-|-$/g, "") || "certificate";
}
