import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { validatePath } from "../../src/tls/index.ts";
import { CaError } from "./errors.ts";
import { verifyOnNode } from "./node-verifier.ts";

/** A broker to be asked for its certificates. */
export interface Server {
	readonly host: string;
	readonly port: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** By the code of getaddrinfo. */
const NAME_FAULTS: Readonly<Record<string, string>> = {
	EAI_AGAIN: "cannot be looked up now",
	ENOTFOUND: "there is no such host",
};

/** `host:port`, also with an IPv6 address in brackets; undefined if it is not of that form. */
export function parseServer(text: string): Server | undefined {
	const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([^:/\\\s]+)):(\d{1,5})$/i.exec(text) ?? [];
	const host = bracketed ?? plain;
	const port = Number(digits);
	return host !== undefined && port > 0 && port < 65_536 ? { host, port } : undefined;
}

/** What the server sends when a device connects: its own certificate first. Nothing is believed. Throws CaError. */
export async function fetchChain(server: Server): Promise<X509Certificate[]> {
	const { host, port } = server;
	const socket = connect({
		host,
		port,
		...(isIP(host) === 0 && { servername: host }),
		// Nothing is sent and nothing believed: the certificates are judged by `findRoot`, or shown to a person.
		rejectUnauthorized: false,
		// What a device speaks.
		minVersion: "TLSv1.2",
		maxVersion: "TLSv1.2",
	});
	try {
		await secured(socket);
		return chainOf(socket.getPeerCertificate(true));
	} catch (error) {
		const { code, reason, message } = error as NodeJS.ErrnoException & { readonly reason?: string };
		const nameFault = code === undefined ? undefined : NAME_FAULTS[code];
		if (nameFault !== undefined) throw new CaError(`${host}:${port}: ${nameFault}`, { cause: error });
		// OpenSSL's own word for it; the message has places in its source as well.
		const advice = "Is this the broker's port for TLS, and does it speak TLS 1.2?";
		throw new CaError(`${host}:${port}: ${reason ?? message}. ${advice}`, { cause: error });
	} finally {
		socket.destroy();
	}
}

/** The one of `roots` that anchors the server's chain, by the rules that the device will use. Throws CaError. */
export function findRoot(
	server: Server,
	chain: readonly X509Certificate[],
	roots: readonly X509Certificate[],
): X509Certificate {
	const result = validatePath({
		certificates: chain.map(({ raw }) => raw),
		anchors: roots.map(({ raw }) => raw),
		host: server.host,
		now: Date.now() / 1_000,
		verifySignature: verifyOnNode,
	});
	if (!result.ok) {
		const advice = "For a CA of your own, name its file; to trust this one certificate and no other, use --pin.";
		throw new CaError(`${server.host}:${server.port}: ${result.message} ${advice}`);
	}
	const anchor = result.path.at(-1) ?? new Uint8Array(0);
	return new X509Certificate(anchor);
}

function secured(socket: TLSSocket): Promise<void> {
	return new Promise((resolve, reject) => {
		socket.setTimeout(CONNECT_TIMEOUT_MS, () => reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1_000} s`)));
		socket.once("error", reject);
		socket.once("secureConnect", () => resolve());
	});
}

function chainOf(first: DetailedPeerCertificate): X509Certificate[] {
	const chain: X509Certificate[] = [];
	const seen = new Set<DetailedPeerCertificate>();
	for (let at: DetailedPeerCertificate | undefined = first; at?.raw && !seen.has(at); at = at.issuerCertificate) {
		seen.add(at);
		chain.push(new X509Certificate(at.raw));
	}
	return chain;
}
