import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;
const USAGES = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth } as const;

/** A certification authority of a test, and the folder where it writes what it makes. */
export class TestAuthority {
	readonly folder = mkdtempSync(join(tmpdir(), "motehub-tls-"));
	readonly ca: string;
	readonly #name: string;
	readonly #keys: webcrypto.CryptoKeyPair;

	private constructor(name: string, keys: webcrypto.CryptoKeyPair, pem: string) {
		this.#name = name;
		this.#keys = keys;
		this.ca = this.write("ca.pem", pem);
	}

	static async make(name = "CN=Test CA"): Promise<TestAuthority> {
		const keys = await makeKeys();
		const extensions = [new x509.BasicConstraintsExtension(true, undefined, true)];
		const options = { name, keys, signingAlgorithm: ALGORITHM, extensions };
		const certificate = await x509.X509CertificateGenerator.createSelfSigned(options, webcrypto);
		return new TestAuthority(name, keys, certificate.toString("pem"));
	}

	/** A certificate and its key, in PEM. */
	async issue(
		subject: string,
		{ usage = "server", names = ["localhost", "127.0.0.1"], days = 30 }: IssueOptions = {},
	): Promise<{ readonly certificate: string; readonly key: string }> {
		const keys = await makeKeys();
		const certificate = await x509.X509CertificateGenerator.create(
			{
				subject,
				issuer: this.#name,
				publicKey: keys.publicKey,
				signingKey: this.#keys.privateKey,
				signingAlgorithm: ALGORITHM,
				notBefore: new Date(Date.now() - 2 * DAY),
				notAfter: new Date(Date.now() + days * DAY),
				extensions: [
					new x509.ExtendedKeyUsageExtension([USAGES[usage]]),
					new x509.SubjectAlternativeNameExtension(
						names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const),
					),
				],
			},
			webcrypto,
		);
		const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
		return {
			certificate: `${certificate.toString("pem")}\n`,
			key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
		};
	}

	/** The path of a new file in the folder. */
	write(name: string, text: string): string {
		const path = join(this.folder, name);
		writeFileSync(path, text);
		return path;
	}

	/** Issues, and writes certificate and key into one file. */
	async issueFile(name: string, subject: string, options: IssueOptions = {}): Promise<string> {
		const { certificate, key } = await this.issue(subject, options);
		return this.write(name, key + certificate);
	}

	remove(): void {
		rmSync(this.folder, { recursive: true });
	}
}

interface IssueOptions {
	readonly usage?: keyof typeof USAGES;
	readonly names?: readonly string[];
	readonly days?: number;
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
	return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}
