import { existsSync, readFileSync } from "node:fs";
import * as tls from "node:tls";
import { certificatesIn } from "../tls/pem.ts";

/** Where systems keep their roots: Debian and Alpine, Fedora, openSUSE, macOS and the BSDs. */
const BUNDLES = [
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
];

// Node has it since 22.15; the typings are those of the oldest Node that we support.
const { getCACertificates } = tls as { readonly getCACertificates?: (type: "system") => readonly string[] };

/** Node's roots and the system's, in PEM. */
export function platformRoots(): readonly string[] {
	return [...new Set([...tls.rootCertificates, ...systemRoots()])];
}

function systemRoots(): readonly string[] {
	if (getCACertificates !== undefined) return getCACertificates("system");
	const bundle = [process.env.SSL_CERT_FILE, ...BUNDLES].find((path) => path !== undefined && existsSync(path));
	return bundle === undefined ? [] : certificatesIn(readFileSync(bundle, "utf8")).map(String);
}
