import { spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KEYS, Recipe } from "../../vectors/tls-certificates.ts";

/** What OpenSSL 3 adds of its own accord, unless it is told not to. */
const KEY_IDENTIFIERS = ["subjectKeyIdentifier", "authorityKeyIdentifier"];

type KeyKind = (typeof KEYS)[keyof typeof KEYS];

/**
 * The version of the `openssl` command on PATH, such as `OpenSSL 3.0.17`; undefined if it is missing or of another
 * kind.
 */
export function opensslVersion(): string | undefined {
	const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
	return status === 0 ? /^OpenSSL [3-9]\.\S+/.exec(stdout)?.[0] : undefined;
}

/** A certification authority in a folder of its own, run by OpenSSL. */
export class OpenSsl {
	readonly #folder: string;

	/** `folder` is empty and the caller's to remove. */
	constructor(folder: string) {
		this.#folder = folder;
		writeFileSync(this.#path("index.txt"), "");
	}

	/** Makes a private key. */
	makeKey(name: string, kind: KeyKind): void {
		writeFileSync(this.#path(`${name}.key`), privateKeyOf(kind).export({ type: "pkcs8", format: "pem" }));
		this.#run([
			"req",
			"-new",
			"-key",
			`${name}.key`,
			"-subj",
			"/",
			"-config",
			this.#configure([]),
			"-out",
			`${name}.csr`,
		]);
	}

	/** Makes a certificate and returns it in DER. The issuer's, unless self-signed, must have been made. */
	makeCertificate(name: string, recipe: Recipe, issuerKey: string): Buffer {
		const issuer = recipe.issuer === undefined ? ["-selfsign"] : ["-cert", `${recipe.issuer}.pem`];
		this.#run([
			...["ca", "-batch", "-notext", "-utf8", "-config", this.#configure(recipe.extensions, recipe.stringMask)],
			...["-in", `${recipe.key}.csr`, "-subj", recipe.subject, ...issuer, "-keyfile", `${issuerKey}.key`],
			...["-startdate", recipe.from ?? "20250101000000Z", "-enddate", recipe.to ?? "20450101000000Z"],
			...["-md", recipe.digest ?? "sha256", ...(recipe.pss ? ["-sigopt", "rsa_padding_mode:pss"] : [])],
			...(recipe.extensions.length > 0 ? ["-extensions", "extensions"] : []),
			...["-out", `${name}.pem`],
		]);
		return new X509Certificate(readFileSync(this.#path(`${name}.pem`))).raw;
	}

	#configure(extensions: readonly string[], stringMask = "utf8only"): string {
		const authority = [
			"database=index.txt",
			"new_certs_dir=.",
			"rand_serial=yes",
			"unique_subject=no",
			"policy=policy",
		];
		const missing = KEY_IDENTIFIERS.filter((name) => !extensions.some((line) => line.startsWith(name)));
		const sections = [
			["[req]", "distinguished_name=none", "[none]"],
			["[ca]", "default_ca=authority", "[authority]", ...authority, "preserve=yes", `string_mask=${stringMask}`],
			["[policy]", "organizationName=optional", "commonName=optional"],
			["[extensions]", ...missing.map((name) => `${name}=none`), ...extensions],
		];
		writeFileSync(this.#path("openssl.cnf"), sections.flat().join("\n"));
		return "openssl.cnf";
	}

	#run(args: readonly string[]): void {
		const { status, stderr } = spawnSync("openssl", args, { cwd: this.#folder, encoding: "utf8" });
		if (status !== 0) throw new Error(`openssl ${args.join(" ")} ended with ${status}:\n${stderr}`);
	}

	#path(name: string): string {
		return join(this.#folder, name);
	}
}

function privateKeyOf(kind: KeyKind): KeyObject {
	switch (kind) {
		case "P-256":
		case "P-384":
		case "P-521":
			return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
		case "explicit P-256":
			return generateKeyPairSync("ec", { namedCurve: "P-256", paramEncoding: "explicit" }).privateKey;
		case "Ed25519":
			return generateKeyPairSync("ed25519").privateKey;
		case "RSA-1024":
		case "RSA-2048":
			return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) }).privateKey;
	}
}
