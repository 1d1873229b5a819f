import type { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { Command, CommanderError } from "commander";
import { explainUsage } from "../../hosts/hub/usage.ts";
import { projectFolder } from "../device/project-folder.ts";
import {
	type BundledFile,
	type BundledIdentity,
	KEY_FILE,
	MANIFEST,
	nameFiles,
	nameIdentity,
	writeBundle,
} from "./bundle.ts";
import { readCertificateFile } from "./certificate-file.ts";
import { type ClientIdentity, readClientIdentity } from "./client-identity.ts";
import { CaError } from "./errors.ts";
import { day, describe, judge } from "./judge.ts";
import { commonRoots, describeCommonRoots, trustedRoots } from "./roots.ts";
import { fetchChain, findRoot, parseServer } from "./server-chain.ts";

interface CommandLine {
	readonly sources: readonly string[];
	readonly out: string;
	readonly pin: boolean;
	readonly clientCert?: string;
	readonly clientKey?: string;
}

/** A file's name, its content, and what it is. */
type Row = readonly [string, Buffer, string];

const HELP = `
SOURCE is one of
  a file        certificates in PEM or DER
  host:port     a broker: the one root that its certificate leads to, of those that Node trusts
  auto          the roots of Let's Encrypt and of large hosted brokers, out of Node's store:
${describeCommonRoots().replace(/^/gm, "              ")}

Exit codes: 0 written, 1 refused or unreachable, 2 wrong use.`;

/** `npm run ca`: bundles the certificates that the firmware trusts. */
async function main(args: readonly string[]): Promise<void> {
	const { sources, out, pin, ...client } = parse(args);
	const found = (await Promise.all(sources.map((source) => certificatesOf(source, pin)))).flat();
	const certificates = found.filter(({ raw }, at) => found.findIndex((other) => other.raw.equals(raw)) === at);
	const warnings = certificates.map((certificate) => judge(certificate, pin, Date.now()).warning);
	const identity = identityOf(client);
	warnings.push(identity?.warning);
	const files = nameFiles(certificates);
	const named = identity && nameIdentity(identity);
	writeBundle(out, files, named);
	for (const warning of warnings) if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
	process.stdout.write(report(files, named, join(out, MANIFEST)));
}

/** The message is a whole line. */
class WrongUsage extends Error {
	override name = "WrongUsage";
}

/** Throws WrongUsage, and CommanderError after the help. */
function parse(args: readonly string[]): CommandLine {
	const command = define();
	try {
		command.parse(args, { from: "user" });
	} catch (error) {
		if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
		throw new WrongUsage(explainUsage(error, command));
	}
	return { sources: command.args, ...command.opts<Omit<CommandLine, "sources">>() };
}

function define(): Command {
	return new Command("ca")
		.description("Bundles the certificates that a device trusts: DER files, and the part of the manifest for them.")
		.argument("<SOURCE...>", "where to take them from")
		.option("-o, --out <FOLDER>", "where to write to", join(projectFolder(), "build/ca"))
		.option(
			"--client-cert <FILE>",
			"a certificate to show to brokers that ask, in PEM with its issuers after it, or DER",
		)
		.option("--client-key <FILE>", "its private key, in PEM or DER, without a passphrase")
		.option("--pin", "trust the certificate itself, and no other: for one that signs itself", false)
		.addHelpText("after", HELP)
		.configureOutput({ writeErr: () => undefined })
		.exitOverride();
}

function identityOf({ clientCert, clientKey }: Partial<CommandLine>): ClientIdentity | undefined {
	if (clientCert !== undefined && clientKey !== undefined) return readClientIdentity(clientCert, clientKey, Date.now());
	if (clientCert === undefined && clientKey === undefined) return undefined;
	throw new CaError("--client-cert and --client-key need each other");
}

async function certificatesOf(source: string, pin: boolean): Promise<X509Certificate[]> {
	if (source === "auto") return commonRoots();
	const server = parseServer(source);
	if (server === undefined && !existsSync(source)) {
		throw new CaError(`${source}: there is no such file, and it is neither host:port nor auto`);
	}
	if (server === undefined) return readCertificateFile(source);
	const chain = await fetchChain(server);
	return pin ? chain.slice(0, 1) : [findRoot(server, chain, trustedRoots(process.env))];
}

function report(files: readonly BundledFile[], identity: BundledIdentity | undefined, manifest: string): string {
	const rows = [...files, ...(identity?.chain ?? [])].map(({ name, certificate }): Row => {
		const until = day(Date.parse(certificate.validTo));
		const fingerprint = certificate.fingerprint256.replaceAll(":", "").toLowerCase().slice(0, 16);
		return [name, certificate.raw, `${describe(certificate)}, until ${until}, SHA-256 ${fingerprint}…`];
	});
	if (identity !== undefined) rows.push([KEY_FILE, identity.key, "its private key, which is not encrypted"]);
	const width = Math.max(...rows.map(([name]) => name.length));
	const lines = rows.map(([name, { length }, text]) => {
		return `${name.padEnd(width)} ${`${length} bytes`.padStart(10)}  ${text}\n`;
	});
	const total = rows.reduce((sum, [, { length }]) => sum + length, 0);
	return `${lines.join("")}${total} bytes of flash in all; ${relative(process.cwd(), manifest)}\n`;
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (error instanceof CommanderError) {
		process.exitCode = 0;
	} else if (error instanceof WrongUsage) {
		process.stderr.write(error.message);
		process.exitCode = 2;
	} else if (error instanceof CaError) {
		process.stderr.write(`error: ${error.message}\n`);
		process.exitCode = 1;
	} else throw error;
}
