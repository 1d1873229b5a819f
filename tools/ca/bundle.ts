import type { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "./judge.ts";

/** A bundled certificate as a file. */
export interface BundledFile {
	/** What `mqtt.certificate` names, and the resource on the device. */
	readonly name: string;
	readonly certificate: X509Certificate;
}

/** The part of a Moddable manifest that bundles certificates and says so to the firmware. */
interface ManifestPart {
	readonly config: { readonly mqtt: { readonly certificate: readonly string[] } };
	readonly data: { readonly "*": readonly string[] };
}

/** In `folder`; the build includes it. */
export const MANIFEST = "manifest.json";
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

/** Writes the DER files and the manifest part into `folder`, in place of what this tool wrote there before. */
export function writeBundle(folder: string, files: readonly BundledFile[]): void {
	mkdirSync(folder, { recursive: true });
	for (const name of formerFiles(folder)) rmSync(join(folder, name), { force: true });
	for (const { name, certificate } of files) writeFileSync(join(folder, name), certificate.raw);
	const names = files.map(({ name }) => name);
	const part: ManifestPart = {
		config: { mqtt: { certificate: names } },
		data: { "*": names.map((name) => `./${name}`) },
	};
	writeFileSync(join(folder, MANIFEST), `${JSON.stringify(part, null, "\t")}\n`);
}

function formerFiles(folder: string): readonly string[] {
	try {
		const part = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Partial<ManifestPart>;
		return (part.config?.mqtt.certificate ?? []).filter((name) => /^[\w-]+\.der$/.test(name));
	} catch {
		// There is none, or it is not ours: nothing to clear away.
		return [];
	}
}

function slug(text: string): string {
	const words = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
	return words.slice(0, LONGEST_STEM).replace(/^-|-$/g, "") || "certificate";
}
