import { EventEmitter, once } from "node:events";
import type { TlsOptions } from "node:tls";
import type { TlsVersion } from "../../../../hosts/device/tls/version.ts";
import { type Authority, type CertificateName, HOST } from "../authority.ts";
import { type RecordChange, startEcho, startTamperer, startTls, type TestServer } from "../tls-servers.ts";

type Chain = readonly [CertificateName, ...CertificateName[]];

/** One server, what the device trusts and shows, and what it is to say. */
export interface Handshake {
	readonly name: string;
	/** Bundled certificates; default the root. */
	readonly trust?: readonly CertificateName[];
	/** Default the one that the certificates are for. */
	readonly host?: string;
	readonly insecure?: boolean;
	/** Seconds since 1970. */
	readonly buildTime?: number;
	/** The device's own certificate and its issuers. Default: none. */
	readonly identity?: Chain;
	readonly alpn?: readonly string[];
	/** Default 1.2. */
	readonly version?: TlsVersion;
	/** Milliseconds that the server has to answer. Default 10,000. */
	readonly patience?: number;
	/** How often the device calls the server. Default once. */
	readonly rounds?: number;
	start(authority: Authority): Promise<TestServer>;
	readonly outcome: RegExp;
}

const CHANGE_CIPHER_SPEC = 20;
const HANDSHAKE_RECORD = 22;
const APPLICATION_DATA = 23;
const SERVER_HELLO = 2;
/** Octets of the headers of a record and of a message of the handshake. */
const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;

export const OPENED = /^opened and echoed$/;

/** A server of Node's that sends back what it gets. */
export const serving = (chain: Chain, options: TlsOptions = {}) => ({
	start: (authority: Authority) => startEcho({ ...authority.identity(chain), ...options }),
});

/** The genuine server behind somebody who changes the records that it sends. */
export const inBetween = (
	newChange: () => RecordChange,
	chain: Chain = ["leaf", "intermediate"],
	options: TlsOptions = {},
) => ({
	start: (authority: Authority) =>
		behind(serving(chain, options).start(authority), ({ port }) => startTamperer(port, newChange)),
});

/** The genuine server behind somebody who has it choose another version, as it goes over the wire. */
export const answeringIn = (version: number, options: TlsOptions = {}) =>
	inBetween(
		() => (record) => {
			if (record[0] === HANDSHAKE_RECORD && record[RECORD_HEADER] === SERVER_HELLO) {
				record.writeUInt16BE(version, RECORD_HEADER + HANDSHAKE_HEADER);
			}
			return [record];
		},
		["leaf", "intermediate"],
		options,
	);

/**
 * On the first connection, somebody changes the first protected record of a type, by default that of data. The server serves
 * further ones if it was told so by the alert for it.
 */
export const insistingOnBadRecordMac = (
	change: (record: Buffer) => Buffer,
	options: TlsOptions = {},
	type = APPLICATION_DATA,
) => ({
	async start(authority: Authority): Promise<TestServer> {
		let connections = 0;
		const complaint = new EventEmitter();
		const heard = once(complaint, "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC");
		const genuine = startTls({ ...authority.identity(["leaf", "intermediate"]), ...options }, (socket) => {
			socket.on("error", ({ code }: NodeJS.ErrnoException) => void complaint.emit(code ?? ""));
			if (connections === 1) socket.pipe(socket);
			else void heard.then(() => socket.pipe(socket));
		});
		const changeFirst = (): RecordChange => {
			let [isProtected, isChanged] = [false, false];
			return (record) => {
				isProtected ||= record[0] === CHANGE_CIPHER_SPEC;
				if (record[0] !== type || !isProtected) return [record];
				// None after it: a reset, for what the device leaves unread, would overtake its alert.
				if (isChanged) return [];
				isChanged = true;
				return [change(record)];
			};
		};
		const newChange = (): RecordChange => (connections++ === 0 ? changeFirst() : (record) => [record]);
		return behind(genuine, ({ port }) => startTamperer(port, newChange));
	},
});

/** The same of the server's Finished. */
export const insistingOnBadFinishedMac = (change: (record: Buffer) => Buffer, options: TlsOptions = {}) =>
	insistingOnBadRecordMac(change, options, HANDSHAKE_RECORD);

/** What `stand` starts before the genuine server; closing it closes both. */
export async function behind(
	starting: Promise<TestServer>,
	stand: (genuine: TestServer) => Promise<TestServer>,
): Promise<TestServer> {
	const genuine = await starting;
	const front = await stand(genuine);
	return {
		port: front.port,
		close: () => {
			front.close();
			genuine.close();
		},
	};
}

/** Files for the device's resources: the certificates and keys that a case names. */
export function resourcesOf({ trust = ["root"], identity }: Handshake, authority: Authority): [string, Uint8Array][] {
	const certificates = [...trust, ...(identity ?? [])].map((name): [string, Uint8Array] => {
		return [`${name}.der`, authority.der(name)];
	});
	return identity === undefined ? certificates : [...certificates, [keyFile(identity), authority.keyDer(identity[0])]];
}

/** The case as the application on the device reads it. */
export function configOf(each: Handshake, port: number): object {
	const {
		name,
		host = HOST,
		insecure = false,
		trust = ["root"],
		buildTime = 0,
		identity,
		patience = 10_000,
		rounds = 1,
	} = each;
	return {
		...{
			name,
			port,
			host,
			insecure,
			buildTime,
			alpn: each.alpn,
			version: each.version,
			patience,
			rounds,
			certificates: trust.map(certificateFile),
		},
		identity: identity && { certificates: identity.map(certificateFile), key: keyFile(identity) },
	};
}

function certificateFile(name: CertificateName): string {
	return `${name}.der`;
}

function keyFile([name]: Chain): string {
	return `${name}_key.der`;
}
