import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GeneratedCertificates, Range } from "../../support/tls/generated.ts";

/** What Jest's global setup writes. */
const GENERATED = fileURLToPath(new URL("../../../build/tls-certificates.mjs", import.meta.url));
/** The other signatures of the vectors are there to be refused by their algorithm. */
const KNOWN = /-sha(256|384|512)$/;

/** Signatures that OpenSSL made, with the keys that made them: the module `verdicts` of `apps/tls-cases.ts`. */
export function verdictsModule(): string {
	const { certificates, verdicts } = readGenerated();
	const cut = (name: string, [from, to]: Range): string => (certificates[name] ?? "").slice(2 * from, 2 * to);
	const known = verdicts
		.filter(({ algorithm }) => KNOWN.test(algorithm))
		.map(({ algorithm, subject, signed, signature, issuer }) => {
			const issued = { signed: cut(subject, signed), signature: cut(subject, signature) };
			return { algorithm, ...issued, issuer: certificates[issuer] ?? "" };
		});
	return `export default ${JSON.stringify(known)};\n`;
}

function readGenerated(): GeneratedCertificates {
	const text = readFileSync(GENERATED, "utf8");
	return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf(";"))) as GeneratedCertificates;
}
