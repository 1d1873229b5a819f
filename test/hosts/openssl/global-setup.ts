import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { CERTIFICATES, KEYS } from "../../vectors/tls-certificates.ts";
import { makeCertificates } from "./make-certificates.ts";
import { opensslVersion } from "./openssl.ts";

interface JestConfig {
	readonly rootDir: string;
}

/**
 * Runs once before Jest's tests: has OpenSSL make the certificates, unless those at hand are of the same recipes,
 * OpenSSL and code. Without OpenSSL the file says so, and the tests that need certificates are skipped.
 */
export default function setup({ rootDir }: JestConfig): void {
	const path = `${rootDir}/build/tls-certificates.mjs`;
	const stamp = `// ${stampOf()}\n`;
	if (readIfThere(path).startsWith(stamp)) return;
	mkdirSync(dirname(path), { recursive: true });
	// Renamed when complete: another run of Jest may be reading.
	writeFileSync(`${path}.${process.pid}`, `${stamp}export default ${JSON.stringify(makeCertificates())};\n`);
	renameSync(`${path}.${process.pid}`, path);
}

function stampOf(): string {
	const hash = createHash("sha256").update(JSON.stringify([opensslVersion() ?? "none", KEYS, CERTIFICATES]));
	for (const name of ["openssl", "make-certificates"])
		hash.update(readFileSync(fileURLToPath(new URL(`./${name}.js`, import.meta.url))));
	return hash.digest("hex");
}

function readIfThere(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
		throw error;
	}
}
