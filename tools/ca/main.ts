import type { X509Certificate } from "node:crypto";
import { join, relative } from "node:path";
import { Command, CommanderError } from "commander";
import { projectFolder } from "../device/project-folder.ts";
import { type BundledFile, MANIFEST, nameFiles, writeBundle } from "./bundle.ts";
import { readCertificateFile } from "./certificate-file.ts";
import { CaError } from "./errors.ts";
import { day, describe, judge } from "./judge.ts";
import { commonRoots, describeCommonRoots, trustedRoots } from "./roots.ts";
import { fetchChain, findRoot, parseServer } from "./server-chain.ts";

interface CommandLine {
	readonly sources: readonly string[];
	readonly out: string;
	readonly pin: boolean;
}

const HELP = `
SOURCE is one of
  a file        certificates in PEM or DER
  host:port     a broker: the one root that its certificate leads to, of those that Node trusts
  auto          the roots of Let's Encrypt and of large hosted brokers, out of Node's store:
${describeCommonRoots().replace(/^/gm, "              ")}

Exit codes: 0 written, 1 refused or unreachable, 2 wrong use.`;

/** `npm run ca`: bundles the certificates that the firmware trusts. */
async function main(args: readonly string[]): Promise<void> {
	const { sources, out, pin } = parse(args);
	const found = (await Promise.all(sources.map((source) => certificatesOf(source, pin)))).flat();
	const certificates = found.filter(({ raw }, at) => found.findIndex((other) => other.raw.equals(raw)) === at);
	const warnings = certificates.map((certificate) => judge(certificate, pin, Date.now()).warning);
	const files = nameFiles(certificates);
	writeBundle(out, files);
	for (const warning of warnings) if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
	process.stdout.write(report(files, join(out, MANIFEST)));
}

function parse(args: readonly string[]): CommandLine {
	const command = new Command("ca")
		.description("Bundles the certificates that a device trusts: DER files, and the part of the manifest for them.")
		.argument("<SOURCE...>", "where to take them from")
		.option("-o, --out <FOLDER>", "where to write to", join(projectFolder(), "build/ca"))
		.option("--pin", "trust the certificate itself, and no other: for one that signs itself", false)
		.addHelpText("after", HELP)
		.exitOverride()
		.parse(args, { from: "user" });
	return { sources: command.args, ...command.opts<{ out: string; pin: boolean }>() };
}

async function certificatesOf(source: string, pin: boolean): Promise<X509Certificate[]> {
	if (source === "auto") return commonRoots();
	const server = parseServer(source);
	if (server === undefined) return readCertificateFile(source);
	const chain = await fetchChain(server);
	return pin ? chain.slice(0, 1) : [findRoot(server, chain, trustedRoots(process.env))];
}

function report(files: readonly BundledFile[], manifest: string): string {
	const width = Math.max(...files.map(({ name }) => name.length));
	const lines = files.map(({ name, certificate }) => {
		const until = day(Date.parse(certificate.validTo));
		const fingerprint = certificate.fingerprint256.replaceAll(":", "").toLowerCase().slice(0, 16);
		const size = `${certificate.raw.length} bytes`.padStart(10);
		return `${name.padEnd(width)} ${size}  ${describe(certificate)}, until ${until}, SHA-256 ${fingerprint}…\n`;
	});
	const total = files.reduce((sum, { certificate }) => sum + certificate.raw.length, 0);
	return `${lines.join("")}${total} bytes of flash in all; ${relative(process.cwd(), manifest)}\n`;
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : 2;
	} else if (error instanceof CaError) {
		process.stderr.write(`error: ${error.message}\n`);
		process.exitCode = 1;
	} else throw error;
}
