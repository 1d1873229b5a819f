import type { CertificateName } from "../authority.ts";
import { startPlain } from "../tls-servers.ts";
import { type Handshake, serving } from "./handshake.ts";

/** Servers that cannot show that they are who they should be, or speak no TLS that will do. */
export const REFUSED: readonly Handshake[] = [
	{ name: "unknown CA", trust: ["root384"], ...serving(["leaf", "intermediate"]), outcome: /^tls: .*is not bundled/ },
	{ name: "intermediate left out", ...serving(["leaf"]), outcome: /^tls: .*leads to "CN=intermediate", which is not/ },
	{ name: "self-signed", ...serving(["selfSigned"]), outcome: /^tls: .*signed by itself and is not bundled/ },
	{ name: "expired leaf", ...serving(["leafExpired", "intermediate"]), outcome: /^tls: .*expired on 2024-01-01/ },
	{ name: "future leaf", ...serving(["leafFuture", "intermediate"]), outcome: /^tls: .*valid from 2040-01-01/ },
	{
		name: "a clock before the build",
		buildTime: Date.UTC(2050, 0) / 1_000,
		...serving(["leaf", "intermediate"]),
		outcome: /^tls: .*expired on 2045-01-01, and the clock says 2050-01-01/,
	},
	{
		name: "expired intermediate",
		...serving(["leaf", "intermediateExpired"]),
		outcome: /^tls: .*"CN=intermediate" expired on 2024-01-01/,
	},
	{
		name: "wrong host",
		host: "other.example.com",
		...serving(["leaf", "intermediate"]),
		outcome: /^tls: .*is for .*broker\.example\.com.*not for "other\.example\.com"/,
	},
	{
		name: "wrong address",
		host: "127.0.0.2",
		...serving(["leaf", "intermediate"]),
		outcome: /^tls: .*not for "127\.0\.0\.2"/,
	},
	{
		name: "tls_insecure and an unknown CA",
		insecure: true,
		trust: ["root384"],
		...serving(["leaf", "intermediate"]),
		outcome: /^tls: .*is not bundled/,
	},
	{
		name: "forged leaf before a genuine CA",
		...serving(["leafForged", "intermediate"]),
		outcome: /^tls: .*"CN=Broker" is not signed by "CN=intermediate", though it says so/,
	},
	{
		name: "intermediate without CA rights",
		...serving(["leaf", "intermediateNotCa"]),
		outcome: /^tls: .*"CN=intermediate" is named as an issuer, but has no right/,
	},
	{
		name: "a version that the build does not speak",
		version: "1.1",
		...serving(["leaf", "intermediate"]),
		outcome: /UsageError: TLS 1\.1 is not in this build, which speaks 1\.2: .* tls\/legacy\/manifest\.json/,
	},
	{
		name: "TLS 1.1",
		...serving(["leaf", "intermediate"], {
			minVersion: "TLSv1",
			maxVersion: "TLSv1.1",
			ciphers: "ALL:@SECLEVEL=0",
		}),
		outcome: /^tls: .*speaks no TLS 1\.2/,
	},
	{
		name: "TLS 1.3 alone",
		...serving(["leaf", "intermediate"], { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" }),
		outcome: /^tls: .*speaks no TLS 1\.2/,
	},
	{
		name: "no common cipher suite",
		...serving(["leaf", "intermediate"], { ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" }),
		outcome: /^tls: .*knows none of our cipher suites/,
	},
	{
		name: "a chain that is too long",
		...serving(["leaf", ...Array<CertificateName>(8).fill("intermediate")]),
		outcome: /^tls: .*sent 9 certificates, more than/,
	},
	{
		name: "a chain that is too large",
		...serving(["leafLarge", "leafLarge", "leafLarge"]),
		outcome: /^tls: .*a handshake message of \d+ bytes, more than 16384/,
	},
	{
		name: "a server that takes the connection and is silent",
		start: () => startPlain(() => undefined),
		patience: 500,
		outcome: /^timeout: tls: 127\.0\.0\.1:\d+: the TLS handshake has not ended: check that the port is one for TLS/,
	},
	{
		name: "a name outside of its CA's constraints",
		...serving(["leaf", "intermediateConstrained"]),
		outcome: /^tls: .*holds a name that the CA "CN=intermediate" may not certify/,
	},
];
