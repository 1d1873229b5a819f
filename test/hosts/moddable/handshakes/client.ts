import type { TlsOptions } from "node:tls";
import type { Authority } from "../authority.ts";
import { startEcho, startOpenSsl, type TestServer } from "../tls-servers.ts";
import { type Handshake, OPENED } from "./handshake.ts";

/** A server that asks for a certificate of the root's making, and takes no client without. */
const asking = (options: TlsOptions = {}) => ({
	start(authority: Authority): Promise<TestServer> {
		const ca = authority.identity(["root"]).cert;
		const server = authority.identity(["leaf", "intermediate"]);
		return startEcho({ ...server, ca, requestCert: true, rejectUnauthorized: true, ...options });
	},
});

/** OpenSSL's server, which asks as well. */
const demanding = {
	start(authority: Authority): Promise<TestServer> {
		const server = ["-cert", authority.pemPath("leaf"), "-key", authority.keyPath("leaf")];
		const chain = ["-cert_chain", authority.pemPath("intermediate"), "-no-CAfile", "-no-CApath", "-no-CAstore"];
		return startOpenSsl([
			...server,
			...chain,
			"-CAfile",
			authority.pemPath("root"),
			"-Verify",
			"3",
			"-verify_return_error",
		]);
	},
};

/** Servers that want to know who the device is. */
export const CLIENT_ACCEPTED: readonly Handshake[] = [
	{
		name: "a client certificate with an ECDSA key, and its issuer",
		identity: ["device", "intermediate"],
		...asking(),
		outcome: OPENED,
	},
	{ name: "a client certificate with an RSA key", identity: ["deviceRsa"], ...asking(), outcome: OPENED },
	{ name: "a client certificate on P-384", identity: ["device384"], ...asking(), outcome: OPENED },
	{ name: "a request that need not be met", ...asking({ rejectUnauthorized: false }), outcome: OPENED },
	{
		name: "a request for signatures that the key does not make",
		identity: ["deviceRsa"],
		...asking({ rejectUnauthorized: false, sigalgs: "ecdsa_secp256r1_sha256" }),
		outcome: OPENED,
	},
	{
		name: "a client certificate that nobody asks for",
		identity: ["device", "intermediate"],
		...asking({ requestCert: false }),
		outcome: OPENED,
	},
	{
		name: "a protocol by ALPN",
		alpn: ["x-amzn-mqtt-ca", "mqtt"],
		...asking({ requestCert: false, ALPNProtocols: ["mqtt"] }),
		outcome: OPENED,
	},
];

export const CLIENT_REFUSED: readonly Handshake[] = [
	{ name: "no client certificate", ...asking(), outcome: /^tls: .*wants a client certificate/ },
	{
		name: "a client certificate that Node does not believe",
		identity: ["deviceExpired"],
		...asking(),
		outcome: /^tls: .*during the TLS handshake; it may not accept our client certificate/,
	},
	{
		name: "a client certificate of an unknown CA",
		identity: ["deviceUnknown"],
		...demanding,
		outcome: /^tls: .*does not know the CA of our client certificate/,
	},
	{
		name: "a client certificate that has expired",
		identity: ["deviceExpired"],
		...demanding,
		outcome: /^tls: .*our client certificate has expired/,
	},
	{
		name: "no protocol in common",
		alpn: ["x-amzn-mqtt-ca"],
		...asking({ requestCert: false, ALPNProtocols: ["mqtt"] }),
		outcome: /^tls: .*knows none of the protocols in tls_alpn/,
	},
];
