import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, rootCertificates, type SecureContextOptions } from "node:tls";
import { readTextFile } from "../auth/text-file.ts";
import { chainOf, isSelfIssued } from "./chain.ts";
import { certificatesIn, subjectOf } from "./pem.ts";

/** What a server shows of itself, and what it asks of its clients. */
export interface TlsOptions {
	/** A PEM file with the server's certificate, and those of its issuers in any order. */
	readonly certificate: string;
	/** A PEM file with the private key. Default: in the certificate's file. */
	readonly key?: string | undefined;
	/** What client certificates are checked against: a PEM file, a folder of them, PEM text. */
	readonly clientCa?: {
		readonly file?: string | undefined;
		readonly folder?: string | undefined;
		readonly text?: string | undefined;
	};
	/** `optional`: a client may show none, but not a wrong one. Default `ignored`: none is asked for. */
	readonly clientCertificate?: "ignored" | "optional" | "required";
	/** Default 1.2. */
	readonly minVersion?: "1.2" | "1.3";
}

/** Files as they are used for TLS, checked. */
export interface Credentials {
	readonly context: SecureContextOptions;
	/** Until when the certificate is valid. */
	readonly validTo: string;
	/** What is worth a line in the log. */
	readonly warnings: readonly string[];
}

/** A certificate or key cannot be used. The message names the file and says what to do. */
export class CredentialsError extends Error {
	override name = "CredentialsError";
}

/** Reads the certificate, its key and the CA files. Throws `CredentialsError`. */
export function readCredentials(options: TlsOptions): Credentials {
	const { certificate: file, key: keyFile = file, minVersion = "1.2" } = options;
	const own = certificatesOf(read(file), file);
	const key = privateKeyOf(read(keyFile), keyFile);
	const leaf = own.find((each) => each.checkPrivateKey(key));
	if (leaf === undefined) throw new CredentialsError(`${file} has no certificate for the key in ${keyFile}`);
	const ca = clientCas(options);
	const chain = withRoot(chainOf(leaf, [...own, ...ca]));
	const context = {
		cert: chain.join(""),
		key: key.export({ type: "pkcs8", format: "pem" }),
		minVersion: `TLSv${minVersion}`,
		...(ca.length === 0 ? {} : { ca: ca.map(String) }),
	} as const;
	check(context, file);
	return { context, validTo: leaf.validTo, warnings: warningsAbout(leaf, chain, file) };
}

/** What a client believes (a PEM file, or `auto`), and what it shows of itself. */
export interface ClientFiles {
	readonly certificate: string;
	readonly client: { readonly certificate: string; readonly key: string } | undefined;
}

/** Reads what a client needs for each connection. Throws `CredentialsError`. */
export function checkClientFiles({ certificate, client }: ClientFiles): void {
	if (certificate !== "auto") certificatesOf(read(certificate), certificate);
	if (client !== undefined) readCredentials(client);
}

/** All files that the options name, to be watched. A folder stands for itself. */
export function filesOf({ certificate, key, clientCa }: TlsOptions): readonly string[] {
	return [certificate, key, clientCa?.file, clientCa?.folder].filter((path) => path !== undefined);
}

function read(path: string): string {
	const file = readTextFile(path);
	if ("text" in file) return file.text;
	throw new CredentialsError(`cannot read ${path}: ${file.error}`);
}

function certificatesOf(pem: string, path: string): readonly X509Certificate[] {
	const certificates = attempt(() => certificatesIn(pem), `${path} has a certificate that is damaged`);
	if (certificates.length > 0) return certificates;
	throw new CredentialsError(`${path} has no certificate: it must be in PEM (-----BEGIN CERTIFICATE-----)`);
}

function privateKeyOf(pem: string, path: string): KeyObject {
	if (/ENCRYPTED/.test(pem)) {
		throw new CredentialsError(
			`the key in ${path} is protected by a passphrase, which the hub cannot ask for: remove it (openssl pkey)`,
		);
	}
	const block = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/.exec(pem)?.[0];
	if (block === undefined) throw new CredentialsError(`${path} has no private key in PEM`);
	return attempt(() => createPrivateKey(block), `${path} has a private key that is damaged`);
}

function clientCas({ clientCa, clientCertificate = "ignored" }: TlsOptions): readonly X509Certificate[] {
	const { file, folder, text } = clientCa ?? {};
	const found = [
		...(file === undefined ? [] : certificatesOf(read(file), file)),
		...(folder === undefined ? [] : certificatesIn(filesIn(folder).join("\n"))),
		...(text === undefined ? [] : certificatesOf(text, "the text of the CA certificates")),
	];
	if (found.length > 0 || clientCertificate === "ignored") return found;
	// Without any, Node would take the public roots: whoever has a certificate of theirs would get in.
	const place = folder === undefined ? "no CA is given" : `${folder} has no certificate`;
	throw new CredentialsError(`${place}: there is nothing to check client certificates against`);
}

/** Other files than certificates may be there, as OpenSSL allows. */
function filesIn(folder: string): readonly string[] {
	const entries = attempt(() => readdirSync(folder, { withFileTypes: true }), `cannot read the folder ${folder}`);
	return entries.flatMap((entry) => {
		const file = entry.isDirectory() ? undefined : readTextFile(join(folder, entry.name));
		return file !== undefined && "text" in file ? [file.text] : [];
	});
}

/** A certificate straight from a public root goes out with that root: Moddable refuses a leaf that comes alone. */
function withRoot(chain: readonly X509Certificate[]): readonly X509Certificate[] {
	const [leaf] = chain;
	if (leaf === undefined || chain.length > 1 || isSelfIssued(leaf)) return chain;
	return chainOf(leaf, certificatesIn(rootCertificates.join("\n")));
}

/** Lets OpenSSL refuse what it would refuse in use: small keys, old signatures. */
function check(context: SecureContextOptions, path: string): void {
	attempt(() => createSecureContext(context), `${path} cannot be used`);
}

function warningsAbout(leaf: X509Certificate, chain: readonly X509Certificate[], path: string): readonly string[] {
	const warnings: string[] = [];
	if (Date.parse(leaf.validTo) < Date.now()) warnings.push(`the certificate in ${path} expired on ${leaf.validTo}`);
	if (Date.parse(leaf.validFrom) > Date.now()) warnings.push(`the certificate in ${path} starts on ${leaf.validFrom}`);
	if (chain.length === 1 && !isSelfIssued(leaf)) {
		const issuer = leaf.issuer.replaceAll("\n", ", ");
		warnings.push(
			`${path} has ${subjectOf(leaf)} without its issuer ${issuer}: some devices will refuse it; append the issuer's certificate`,
		);
	}
	return warnings;
}

function attempt<T>(action: () => T, failure: string): T {
	try {
		return action();
	} catch (error) {
		const reason = (error as Error).message.replace(/^error:[^:]*:[^:]*:[^:]*:/, "");
		throw new CredentialsError(`${failure}: ${reason}`, { cause: error });
	}
}
