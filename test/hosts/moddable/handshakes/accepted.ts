import { type Handshake, OPENED, serving } from "./handshake.ts";

/** Servers that are who they should be. */
export const ACCEPTED: readonly Handshake[] = [
	{ name: "ECDSA, leaf and intermediate", ...serving(["leaf", "intermediate"]), outcome: OPENED },
	{ name: "RSA", trust: ["rootRsa"], ...serving(["leafRsa", "intermediateRsa"]), outcome: OPENED },
	{ name: "the leaf alone, signed by the root", ...serving(["leafOfRoot"]), outcome: OPENED },
	{ name: "P-384 and SHA-384", trust: ["root384"], ...serving(["leaf384"]), outcome: OPENED },
	{ name: "the root sent along", ...serving(["leaf", "intermediate", "root"]), outcome: OPENED },
	{ name: "a pinned self-signed certificate", trust: ["selfSigned"], ...serving(["selfSigned"]), outcome: OPENED },
	{ name: "a wildcard", host: "a.wild.example.com", ...serving(["leaf", "intermediate"]), outcome: OPENED },
	{ name: "an address", host: "127.0.0.1", ...serving(["leaf", "intermediate"]), outcome: OPENED },
	{ name: "a certificate over several records", ...serving(["leafLarge", "intermediate"]), outcome: OPENED },
	{
		name: "another host with tls_insecure",
		host: "other.example.com",
		insecure: true,
		...serving(["leaf", "intermediate"]),
		outcome: OPENED,
	},
];
