import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { connectAsync, type IClientOptions } from "mqtt";
import { createHub, type Hub, type HubOptions, type ListenerOptions, type TlsOptions } from "../../hosts/hub/index.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command, isInstalled } from "./support/command.ts";
import { Condition } from "./support/condition.ts";
import { PROTOCOLS, receiveText, VERSIONS } from "./support/mqtt-js.ts";
import { connectFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";

let authority: TestAuthority;
let stranger: TestAuthority;
let server: string;
let hub: Hub | undefined;
let log: string[];
const logged = new Condition();

beforeAll(async () => {
	authority = await TestAuthority.make();
	stranger = await TestAuthority.make("CN=Stranger");
	server = await authority.issueFile("server.pem", "CN=hub");
});
afterAll(() => {
	authority.remove();
	stranger.remove();
});
afterEach(async () => {
	await hub?.close();
	hub = undefined;
});

/** Starts a hub with one listener, and gives its port. */
async function start(listener: ListenerOptions, options: HubOptions = { allowAnonymous: true }): Promise<number> {
	log = [];
	const write = (level: string, message: string, fields: object = {}) => {
		log.push(`${level} ${message} ${JSON.stringify(fields)}`);
		logged.notify();
	};
	hub = await createHub({ ...options, listeners: { secure: listener }, log: { write } });
	return hub.addresses[0]?.port ?? 0;
}

const UPGRADE = `GET / HTTP/1.1
Host: localhost
Connection: Upgrade
Upgrade: websocket
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Protocol: mqtt

`.replaceAll("\n", "\r\n");

function startTls(tls: Partial<TlsOptions> = {}, options?: HubOptions): Promise<number> {
	return start(
		{ type: "tls", port: 0, tls: { certificate: server, clientCa: { file: authority.ca }, ...tls } },
		options,
	);
}

/** Resolves with the first line of the log that matches. */
function says(pattern: RegExp): Promise<string> {
	return logged.until(() => log.find((line) => pattern.test(line)));
}

function client(port: number, options: IClientOptions = {}, scheme = "mqtts") {
	return connectAsync(`${scheme}://localhost:${port}`, {
		ca: readFileSync(authority.ca),
		reconnectPeriod: 0,
		...options,
	});
}

async function handshake(port: number, options: object = {}): Promise<TLSSocket> {
	const socket = connect({ port, host: "localhost", ca: readFileSync(authority.ca), ...options });
	await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
	socket.on("error", () => undefined);
	return socket;
}

/** Common names of what the server sends, the leaf first. */
async function chain(port: number, options: object = {}): Promise<readonly string[]> {
	const socket = await handshake(port, { ...options, rejectUnauthorized: false });
	const names: string[] = [];
	let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (next !== undefined && !names.includes(String(next.subject.CN))) {
		names.push(String(next.subject.CN));
		next = next.issuerCertificate;
	}
	socket.destroy();
	return names;
}

describe.each(VERSIONS)("MQTT %s", (version) => {
	test.each(["tls", "wss"] as const)("over %s", async (type) => {
		const port = await start({ type, port: 0, tls: { certificate: server } });
		const connected = await client(port, PROTOCOLS[version], type === "tls" ? "mqtts" : "wss");
		await connected.subscribeAsync("a/#", { qos: 2 });
		const text = receiveText(connected);
		await connected.publishAsync("a/b", "over TLS", { qos: 2 });
		expect(await text).toBe("a/b=over TLS");
		await connected.endAsync();
		expect(log.join("\n")).toMatch(/client connected/);
	});
});

describe("the certificate", () => {
	test("goes out with its issuer, in whatever order the files have them, once each", async () => {
		const { certificate, key } = await authority.issue("CN=hub");
		const ca = readFileSync(authority.ca, "utf8");
		const strange = readFileSync(stranger.ca, "utf8");
		const port = await startTls({
			certificate: authority.write("mixed.pem", strange + ca + ca + certificate),
			key: authority.write("mixed-key.pem", key),
			clientCa: {},
		});
		expect(await chain(port, { ca })).toEqual(["hub", "Test CA"]);
	});

	test("is completed from the CA file, as Mosquitto's cafile is used", async () => {
		expect(await chain(await startTls(), { ca: [] })).toEqual(["hub", "Test CA"]);
	});

	test("is each listener's own", async () => {
		const other = await authority.issueFile("other.pem", "CN=other");
		const tls = { certificate: server };
		const listeners = {
			one: { type: "tls", port: 0, tls },
			two: { type: "wss", port: 0, tls: { certificate: other } },
		} as const;
		hub = await createHub({ allowAnonymous: true, listeners });
		const subjects = hub.addresses.map(async ({ port }) => {
			const socket = connect({ port, host: "localhost", ca: readFileSync(authority.ca) });
			await once(socket, "secureConnect");
			const { CN } = socket.getPeerCertificate().subject;
			socket.destroy();
			return CN;
		});
		expect(await Promise.all(subjects)).toEqual(["hub", "other"]);
	});

	test("without its issuer works, with a warning", async () => {
		const port = await startTls({ clientCa: {} });
		(await handshake(port)).destroy();
		expect(log.join("\n")).toMatch(/warn .*server\.pem has CN=hub without its issuer CN=Test CA: some devices/);
	});

	test("that has expired is used, with a warning", async () => {
		await startTls({ certificate: await authority.issueFile("old.pem", "CN=hub", { days: -1 }) });
		expect(log.join("\n")).toMatch(/warn the certificate in .*old\.pem expired on /);
	});

	const FAULTS: readonly (readonly [string, RegExp, (key: string, certificate: string) => string])[] = [
		["empty", /cannot\.pem has no certificate: it must be in PEM/, () => ""],
		["without a key", /cannot\.pem has no private key in PEM/, (_, certificate) => certificate],
		[
			"with a damaged certificate",
			/has a certificate that is damaged: /,
			(key, cert) => key + cert.replace("MII", "MIJ"),
		],
		["with a damaged key", /private key that is damaged: /, (key, cert) => key.replace("MIG", "MIH") + cert],
		[
			"with a protected key",
			/protected by a passphrase, which the hub cannot ask for/,
			(_, cert) => `${cert}-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n`,
		],
	];

	test.each(FAULTS)("in a file that is %s keeps the hub from starting, with a reason", async (_, reason, text) => {
		const { certificate, key } = await authority.issue("CN=hub");
		const file = authority.write("cannot.pem", text(key, certificate));
		const attempt = startTls({ certificate: file });
		await expect(attempt).rejects.toThrow(reason);
		await expect(attempt).rejects.toMatchObject({ name: "ListenError", listener: "secure" });
	});

	test("of another key, and one that is not there, keep the hub from starting", async () => {
		const { key } = await authority.issue("CN=other");
		const other = authority.write("other-key.pem", key);
		await expect(startTls({ key: other })).rejects.toThrow(/server\.pem has no certificate for the key in .*other-key/);
		await expect(startTls({ certificate: "/nowhere" })).rejects.toThrow("cannot read /nowhere: there is no such file");
	});
});

describe("a certificate that changes", () => {
	test("is used for new connections as soon as it is written; open ones go on", async () => {
		const file = await authority.issueFile("renewed.pem", "CN=first");
		const port = await startTls({ certificate: file });
		const before = await client(port);
		expect((await chain(port))[0]).toBe("first");
		await authority.issueFile("renewed.pem", "CN=second");
		await logged.until(() =>
			log.filter((line) => line.includes("read the certificate")).length > 1 ? true : undefined,
		);
		expect((await chain(port))[0]).toBe("second");
		await before.publishAsync("a", "b", { qos: 1 });
		await before.endAsync();
	});

	test.each(["tls", "wss"] as const)("and is broken is refused, and the old one stays (%s)", async (type) => {
		const file = await authority.issueFile("broken.pem", "CN=first");
		const port = await start({ type, port: 0, tls: { certificate: file } });
		authority.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMII");
		expect(hub?.reloadCertificates()).toEqual([expect.stringContaining("broken.pem has no certificate")]);
		expect(log.join("\n")).toMatch(/error .*broken\.pem has no certificate.*; what was read before stays in force/);
		expect((await chain(port))[0]).toBe("first");
		await authority.issueFile("broken.pem", "CN=second");
		expect(hub?.reloadCertificates()).toEqual([]);
		expect(hub?.reloadCertificates()).toEqual([]);
		expect((await chain(port))[0]).toBe("second");
	});
});

describe("TLS versions", () => {
	const CASES = [
		["1.2", "1.2", true],
		["1.2", "1.3", true],
		["1.3", "1.2", false],
		["1.3", "1.3", true],
		["1.2", "1.1", false],
	] as const;

	test.each(CASES)("of a listener from %s on, a client that speaks %s: %s", async (minVersion, spoken, works) => {
		const port = await startTls({ minVersion });
		const version = `TLSv${spoken}`;
		// Node's own level forbids TLS 1.1 otherwise.
		const attempt = handshake(port, { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" });
		if (works) {
			const socket = await attempt;
			expect(socket.getProtocol()).toBe(version);
			socket.destroy();
		} else {
			await expect(attempt).rejects.toThrow(/alert protocol version|unsupported protocol/i);
			await says(/warn connection dropped .*TLS: .*unsupported.protocol/i);
		}
	});

	const openssl = isInstalled("openssl") ? test : test.skip;
	openssl.each(["-tls1_2", "-tls1_3"])("openssl s_client %s verifies the chain", async (flag) => {
		const port = await startTls();
		const verify = ["-CAfile", authority.ca, "-verify_return_error", "-verify_hostname", "localhost"];
		const command = new Command("openssl", ["s_client", "-connect", `localhost:${port}`, flag, ...verify]);
		await command.prints(/Verify return code: 0 \(ok\)/);
		await command.dispose();
	});
});

describe("client certificates", () => {
	/** What a client shows: CN `name`, of the hub's CA or of a stranger's. */
	async function identity(name: string, ca: TestAuthority = authority) {
		const { certificate, key } = await ca.issue(`CN=${name}`, { usage: "client" });
		return { cert: certificate, key };
	}

	const OPENINGS = { tls: connectFrame(4), wss: Buffer.from(UPGRADE) } as const;

	/** Whether the hub sends anything after the handshake. In TLS 1.3 a client learns of its refusal no earlier. */
	async function isAnswered(port: number, options: object = {}, type: keyof typeof OPENINGS = "tls"): Promise<boolean> {
		const socket = connect({ port, host: "localhost", ca: readFileSync(authority.ca), ...options });
		socket.on("error", () => undefined).write(OPENINGS[type]);
		const answered = new Promise<boolean>((resolve) => {
			socket.once("data", () => resolve(true)).once("close", () => resolve(false));
		});
		const result = await answered;
		socket.destroy();
		return result;
	}

	test("that are required: a right one names its client, none and a wrong one are refused", async () => {
		const names: unknown[] = [];
		const port = await startTls(
			{ clientCertificate: "required" },
			{
				authenticate: ({ info }) => {
					names.push(info.certificateName, info.transport);
					return { allow: true };
				},
			},
		);
		await (await client(port, await identity("lamp"))).endAsync();
		expect(await isAnswered(port)).toBe(false);
		expect(await isAnswered(port, await identity("lamp", stranger))).toBe(false);
		expect(names).toEqual(["lamp", "tls"]);
		await says(/warn connection dropped .*TLS: .*did not return a certificate/);
	});

	test.each(["tls", "wss"] as const)("that are optional: none will do, a wrong one will not (%s)", async (type) => {
		const names: unknown[] = [];
		const port = await start(
			{ type, port: 0, tls: { certificate: server, clientCa: { file: authority.ca }, clientCertificate: "optional" } },
			{
				authenticate: ({ info }) => {
					names.push(info.certificateName);
					return { allow: true };
				},
			},
		);
		const scheme = type === "tls" ? "mqtts" : "wss";
		await (await client(port, {}, scheme)).endAsync();
		expect(await isAnswered(port, {}, type)).toBe(true);
		await (await client(port, await identity("lamp"), scheme)).endAsync();
		expect(await isAnswered(port, await identity("lamp", stranger), type)).toBe(false);
		expect(names.filter((name) => name !== undefined)).toEqual(["lamp"]);
		await says(/the client certificate of .* is wrong: /);
	});

	test.each([
		["no CA is given: there is nothing to check", {}],
		["/nothing has no certificate: there is nothing to check", { folder: "nothing" }],
	] as const)("are never checked against the public roots: %s", async (reason, clientCa) => {
		const folder = join(authority.folder, "nothing");
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "README"), "CA files go here\n");
		const ca = "folder" in clientCa ? { folder } : {};
		await expect(startTls({ clientCertificate: "required", clientCa: ca })).rejects.toThrow(reason);
	});

	test("of an https server of the caller's own name its clients", async () => {
		const names: unknown[] = [];
		const { certificate: cert, key } = await authority.issue("CN=own");
		const own = createServer({
			cert,
			key,
			ca: readFileSync(authority.ca),
			requestCert: true,
			rejectUnauthorized: false,
		});
		await start(
			{ type: "attached", server: own },
			{
				authenticate: ({ info }) => {
					names.push(info.certificateName, info.transport);
					return { allow: true };
				},
			},
		);
		own.listen(0, "localhost");
		await once(own, "listening");
		const port = hub?.addresses[0]?.port ?? 0;
		await (await client(port, await identity("lamp"), "wss")).endAsync();
		await (await client(port, await identity("lamp", stranger), "wss")).endAsync();
		expect(names).toEqual(["lamp", "wss", undefined, "wss"]);
		own.closeAllConnections();
		own.close();
	});

	test("are not asked for unless the listener says so", async () => {
		const port = await startTls();
		await (await client(port, await identity("lamp", stranger))).endAsync();
	});
});

test.each(["tls", "wss"] as const)(
	"a peer that does not finish the handshake is cut off in time (%s)",
	async (type) => {
		const tls = { certificate: server };
		const port = await start({ type, port: 0, tls }, { allowAnonymous: true, limits: { connectTimeout: 300 } });
		const silent = await RawPeer.open(port);
		const slow = await RawPeer.open(port);
		// The beginning of a ClientHello, byte by byte: each one would start a timeout of inactivity anew.
		const dripping = setInterval(() => slow.send(Buffer.from([0x16])), 50);
		slow.send(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]));
		await Promise.all([silent.closed(), slow.closed()]);
		clearInterval(dripping);
		await logged.until(() => log.join("\n").includes("the handshake took too long") || undefined);
		// Who has finished it is not cut off by it.
		const secure = await client(port, {}, type === "tls" ? "mqtts" : "wss");
		await new Promise((resolve) => setTimeout(resolve, 400)); // past the deadline
		await secure.publishAsync("a", "b", { qos: 1 });
		await secure.endAsync();
		expect(await hub?.metrics()).toMatch(/listener_drops_total\{listener="secure"\} 2$/m);
	},
);

test("a shorter time for the handshake counts at once", async () => {
	const port = await startTls();
	hub?.changeLimits({ connectTimeout: 100 });
	const silent = await RawPeer.open(port);
	await silent.closed();
	await logged.until(() => log.join("\n").includes("the handshake took too long") || undefined);
});

test("a peer without TLS is dropped with a line in the log, and others are served", async () => {
	const port = await startTls();
	const plain = await RawPeer.open(port);
	plain.send("GET / HTTP/1.1\r\n\r\n");
	await plain.closed();
	await says(/warn connection dropped .*127\.0\.0\.1:\d+.*TLS: the client does not speak TLS/);
	await (await client(port)).endAsync();
});

const installed = isInstalled("mosquitto_pub") && isInstalled("mosquitto_sub");
const withMosquitto = installed ? test : test.skip;
withMosquitto("mosquitto_pub and mosquitto_sub --cafile, with a client certificate", async () => {
	const port = await startTls({ clientCertificate: "required" });
	const { certificate, key } = await authority.issue("CN=mosquitto", { usage: "client" });
	const files = ["--cert", authority.write("client.pem", certificate), "--key", authority.write("client.key", key)];
	const common = ["-h", "localhost", "-p", String(port), "--cafile", authority.ca, ...files, "-t", "a/b"];
	const publisher = new Command("mosquitto_pub", [...common, "-r", "-q", "1", "-m", "kept"]);
	expect(await publisher.exitCode()).toBe(0);
	const subscriber = new Command("mosquitto_sub", [...common, "-C", "1"]);
	expect(await subscriber.exitCode()).toBe(0);
	expect(subscriber.stdout).toBe("kept\n");
});
