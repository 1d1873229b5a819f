import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GeneratedCertificates, Range, Verdict } from "../../support/tls/generated.ts";
import { CERTIFICATES, type CertificateName, KEYS, type Recipe } from "../../vectors/tls-certificates.ts";
import { OpenSsl, opensslVersion } from "./openssl.ts";

type Made = readonly [CertificateName, Recipe, Buffer];

/** Has OpenSSL make all certificates of the test vectors. Takes a few seconds. */
export function makeCertificates(): GeneratedCertificates {
	const version = opensslVersion();
	if (version === undefined) return { certificates: {}, verdicts: [] };
	const made = withFolder((folder) => makeAll(new OpenSsl(folder)));
	const certificates = Object.fromEntries(made.map(([name, , der]) => [name, der.toString("hex")]));
	return { openssl: version, certificates, verdicts: made.flatMap((subject) => verdictsOn(subject, made)) };
}

function makeAll(openssl: OpenSsl): Made[] {
	for (const [name, kind] of Object.entries(KEYS)) openssl.makeKey(name, kind);
	return Object.entries(CERTIFICATES).map(([name, recipe]) => {
		const issuer = recipe.issuer === undefined ? recipe : CERTIFICATES[recipe.issuer as CertificateName];
		return [name as CertificateName, recipe, openssl.makeCertificate(name, recipe, issuer.key)];
	});
}

function withFolder<T>(use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), "motehub-certificates-"));
	try {
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Whose keys signed this certificate, by Node's own reading of both; each key once. */
function verdictsOn([name, recipe, der]: Made, all: readonly Made[]): Verdict[] {
	// RSA-PSS is not among the algorithms that a verdict can name.
	if (recipe.pss) return [];
	const subject = new X509Certificate(der);
	const verdicts = new Map<keyof typeof KEYS, Verdict>();
	for (const [issuerName, { key }, issuerDer] of all) {
		const issuer = new X509Certificate(issuerDer);
		if (verdicts.has(key) || issuer.subject !== subject.issuer || !subject.verify(issuer.publicKey)) continue;
		const algorithm = `${KEYS[key].startsWith("RSA") ? "rsa" : "ecdsa"}-${recipe.digest ?? "sha256"}`;
		verdicts.set(key, { algorithm, subject: name, ...signedRanges(der), issuer: issuerName, key: keyRange(issuer) });
	}
	return [...verdicts.values()];
}

/** The SubjectPublicKeyInfo. */
function keyRange({ publicKey, raw }: X509Certificate): Range {
	const spki = publicKey.export({ type: "spki", format: "der" });
	const start = raw.indexOf(spki);
	return [start, start + spki.length];
}

/** The parts of a certificate: SEQUENCE { tbs, algorithm, BIT STRING signature }. */
function signedRanges(der: Buffer): { signed: Range; signature: Range } {
	const [start] = contentOf(der, 0);
	const [, tbsEnd] = contentOf(der, start);
	const [, algorithmEnd] = contentOf(der, tbsEnd);
	const [bits, end] = contentOf(der, algorithmEnd);
	return { signed: [start, tbsEnd], signature: [bits + 1, end] };
}

function contentOf(der: Buffer, at: number): Range {
	const octets = der.readUInt8(at + 1) & 0x80 ? der.readUInt8(at + 1) & 0x7f : 0;
	const length = octets === 0 ? der.readUInt8(at + 1) : der.readUIntBE(at + 2, octets);
	const start = at + 2 + octets;
	return [start, start + length];
}
