import type { TlsOptions } from "node:tls";
import { type Authority, type CertificateName, HOST } from "./authority.ts";
import { startEcho, startPlain, startTamperer, type TestServer } from "./tls-servers.ts";

type Chain = readonly [CertificateName, ...CertificateName[]];

/** One server, what the device trusts, and what it is to say. */
export interface Handshake {
	readonly name: string;
	/** Bundled certificates; default the root. */
	readonly trust?: readonly CertificateName[];
	/** Default the one that the certificates are for. */
	readonly host?: string;
	readonly insecure?: boolean;
	/** Seconds since 1970. */
	readonly buildTime?: number;
	start(authority: Authority): Promise<TestServer>;
	readonly outcome: RegExp;
}

const OPENED = /^opened and echoed$/;
const HANDSHAKE_RECORD = 22;
const SERVER_KEY_EXCHANGE = 12;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;

const serving = (chain: Chain, options: TlsOptions = {}) => ({
	start: (authority: Authority) => startEcho({ ...authority.identity(chain), ...options }),
});

/** A genuine server behind somebody who changes its handshake messages of one type. */
const tampered = (type: number, change: (record: Buffer) => readonly Uint8Array[]) => ({
	async start(authority: Authority): Promise<TestServer> {
		const genuine = await startEcho(authority.identity(["leaf", "intermediate"]));
		const tamperer = await startTamperer(genuine.port, (record) =>
			record[0] === HANDSHAKE_RECORD && record[5] === type ? change(record) : [record],
		);
		return {
			port: tamperer.port,
			close: () => {
				tamperer.close();
				genuine.close();
			},
		};
	},
});

const flipLast = (record: Buffer): Buffer => {
	record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
	return record;
};

/** In a ServerKeyExchange of P-256, the octets after curve and point: which hash and signature. */
const nameNoAlgorithm = (record: Buffer): Buffer => {
	const parameters = 5 + 4;
	record.writeUInt16BE(0, parameters + 4 + record.readUInt8(parameters + 3));
	return record;
};

const answerInTls11 = (record: Buffer): Buffer => {
	record.writeUInt16BE(0x0302, 5 + 4);
	return record;
};

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
		name: "TLS 1.1",
		...serving(["leaf", "intermediate"], {
			minVersion: "TLSv1",
			maxVersion: "TLSv1.1",
			ciphers: "ALL:@SECLEVEL=0",
		}),
		outcome: /^tls: .*speaks no TLS 1\.2/,
	},
	{
		name: "an answer in TLS 1.1",
		...tampered(SERVER_HELLO, (record) => [answerInTls11(record)]),
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
		name: "a close in the handshake",
		start: () => startPlain((socket) => socket.once("data", () => socket.end(Buffer.from([22, 3, 3, 0, 90, 2])))),
		outcome: /^tls: .*closed the connection during the TLS handshake/,
	},
	{
		name: "no TLS at all",
		start: () => startPlain((socket) => socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))),
		outcome: /^tls: .*does not speak TLS on this port/,
	},
	{
		name: "an endless record",
		start: () => startPlain((socket) => socket.once("data", () => socket.write(Buffer.from([22, 3, 3, 0xff, 0xff])))),
		outcome: /^tls: .*a record of 65535 bytes/,
	},
	{
		name: "a key exchange with a bad signature",
		...tampered(SERVER_KEY_EXCHANGE, (record) => [flipLast(record)]),
		outcome: /^tls: .*does not have the private key of its certificate/,
	},
	{
		name: "a key exchange without a signature algorithm",
		...tampered(SERVER_KEY_EXCHANGE, (record) => [nameNoAlgorithm(record)]),
		outcome: /^tls: .*signs its key exchange with what we did not offer/,
	},
	{
		name: "no certificate message",
		...tampered(CERTIFICATE, () => []),
		outcome: /^tls: .*handshake message 12 came after 2/,
	},
	{
		name: "data before the end of the handshake",
		...tampered(SERVER_HELLO, (record) => [record, Buffer.from([23, 3, 3, 0, 1, 0x41])]),
		outcome: /^tls: .*data before the end of the handshake/,
	},
];

/** The case as the application on the device reads it. */
export function configOf(each: Handshake, port: number): object {
	const { name, host = HOST, insecure = false, trust = ["root"], buildTime = 0 } = each;
	return { name, port, host, insecure, buildTime, certificates: trust.map((certificate) => `${certificate}.der`) };
}
