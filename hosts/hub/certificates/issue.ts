import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type { Extension } from "@peculiar/x509";
import type { HostNames } from "./host-names.ts";

/** A private key and its certificate, in PEM. */
export interface Issued {
	readonly key: string;
	readonly certificate: string;
}

const DAY = 86_400_000;
/** A device keeps the CA file for its life. */
const AUTHORITY_DAYS = 20 * 365;
/** Apple's systems refuse server certificates that are valid for longer. */
const SERVER_DAYS = 397;
/** For machines whose clock is behind. */
const BACKDATED_DAYS = 1;
/** Longest common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_COMMON_NAME = 64;

// P-256: what a small device computes fastest, and all that some of them know.
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

// Loaded when a certificate is made, which is once a year: it takes a quarter of a second.
const library = () => import("@peculiar/x509");

/** Makes a certification authority for one home. With `key`, one that vouches for the same certificates as before. */
export async function issueAuthority(name: string, now: number, key?: string): Promise<Issued> {
	const x509 = await library();
	const pem = key ?? makeKey();
	const keys = await importKeys(pem);
	const subject = [{ CN: [name.slice(0, MAX_COMMON_NAME)] }];
	const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
	const certificate = await x509.X509CertificateGenerator.create(
		{
			...validity(now, AUTHORITY_DAYS),
			subject,
			issuer: subject,
			publicKey: keys.publicKey,
			signingKey: keys.privateKey,
			signingAlgorithm: ALGORITHM,
			extensions: [
				new x509.BasicConstraintsExtension(true, 0, true),
				new x509.KeyUsagesExtension(usage, true),
				await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
				// Moddable's own check looks for it in every CA certificate, its own issuer or not.
				await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
			],
		},
		webcrypto,
	);
	return { key: pem, certificate: `${certificate.toString("pem")}\n` };
}

/** Makes a server certificate for the names, the first of which is its common name. */
export async function issueServer(authority: Issued, names: HostNames, now: number): Promise<Issued> {
	const x509 = await library();
	const ca = new x509.X509Certificate(authority.certificate);
	const { privateKey: signingKey } = await importKeys(authority.key);
	const pem = makeKey();
	const { publicKey } = await importKeys(pem);
	const extensions: Extension[] = [
		new x509.BasicConstraintsExtension(false, undefined, true),
		new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
		new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
		new x509.SubjectAlternativeNameExtension(
			names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const),
		),
		await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
		await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey, false, webcrypto),
	];
	const certificate = await x509.X509CertificateGenerator.create(
		{
			...validity(now, SERVER_DAYS),
			subject: [{ CN: [(names[0] ?? "motehub").slice(0, MAX_COMMON_NAME)] }],
			issuer: ca.subjectName.toJSON(),
			publicKey,
			signingKey,
			signingAlgorithm: ALGORITHM,
			extensions,
		},
		webcrypto,
	);
	return { key: pem, certificate: `${certificate.toString("pem")}\n` };
}

function validity(now: number, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
	// X.509 counts in seconds.
	const start = Math.floor(now / 1_000) * 1_000;
	return {
		notBefore: new Date(start - BACKDATED_DAYS * DAY),
		notAfter: new Date(start + (days - BACKDATED_DAYS) * DAY),
	};
}

/** A private key in PEM. */
function makeKey(): string {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: ALGORITHM.namedCurve });
	return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function importKeys(pem: string): Promise<webcrypto.CryptoKeyPair> {
	const { subtle } = webcrypto;
	const secret = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
	const open = createPublicKey(pem).export({ type: "spki", format: "der" });
	return {
		privateKey: await subtle.importKey("pkcs8", secret, ALGORITHM, false, ["sign"]),
		publicKey: await subtle.importKey("spki", open, ALGORITHM, true, ["verify"]),
	};
}
