import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer as createPlainServer } from "node:net";
import { createServer, type TlsOptions as ServerOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { connectClient } from "../../hosts/hub/client/index.ts";
import { readSettings } from "../../hosts/hub/config/index.ts";
import { createHub, type Hub, type TlsOptions } from "../../hosts/hub/index.ts";
import type { ClientState, RelayOptions } from "../../src/client/index.ts";
import { TestAuthority } from "./support/certificates.ts";
import type { Command } from "./support/command.ts";
import { Condition } from "./support/condition.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { hubCommand, hubCommandIn } from "./support/hub-process.ts";

let authority: TestAuthority;
let stranger: TestAuthority;
const open: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
	authority = await TestAuthority.make();
	stranger = await TestAuthority.make("CN=Stranger");
});
afterAll(() => {
	authority.remove();
	stranger.remove();
});
afterEach(async () => {
	for (const close of open.splice(0).toReversed()) await close();
});

/** A broker over TLS whose certificate is for `names`. */
async function startBroker(tls: Partial<TlsOptions> = {}, names: readonly string[] = ["localhost"]): Promise<Hub> {
	const certificate = await authority.issueFile(`${names[0]}.pem`, "CN=broker", { names });
	const options = { certificate, clientCa: { file: authority.ca }, ...tls };
	const hub = await createHub({
		allowAnonymous: true,
		listeners: { secure: { type: "tls", port: 0, tls: options }, plain: { type: "tcp", port: 0 } },
	});
	open.push(() => hub.close());
	return hub;
}

/** The first state in which the hub's own client is online, or offline for a reason. */
async function outcome(port: number, options: object, more: RelayOptions = {}): Promise<ClientState> {
	const { settings } = readSettings({ mqtt: { broker: "localhost", port, ...options } });
	if (settings.connection === undefined) throw new Error("the configuration has no connection");
	const states: ClientState[] = [];
	const changed = new Condition();
	const onState = (state: ClientState) => {
		states.push(state);
		changed.notify();
	};
	const client = connectClient(settings.connection, { write: () => undefined }, { ...more, onState });
	open.push(() => client.end());
	return changed.until(() => states.find(({ kind }) => kind === "online" || kind === "offline"));
}

const portOf = (hub: Hub, listener: string) => hub.addresses.find((each) => each.listener === listener)?.port ?? 0;

describe("the hub's own client", () => {
	test.each(["3.1", "3.1.1", "5"])("speaks MQTT %s", async (protocol) => {
		const hub = await startBroker();
		expect(await outcome(portOf(hub, "plain"), { protocol, client_id: "hub" })).toMatchObject({
			kind: "online",
			protocol,
			clientId: "hub",
		});
	});

	test("trusts the roots in the file of certificate, and no others", async () => {
		const port = portOf(await startBroker(), "secure");
		expect(await outcome(port, { certificate: authority.ca })).toMatchObject({ kind: "online" });
		const refused = { kind: "offline", reason: { phase: "tls" } };
		expect(await outcome(port, { certificate: stranger.ca })).toMatchObject(refused);
		expect(await outcome(port, { certificate: "auto" })).toMatchObject(refused);
	});

	test("tls_insecure drops the check of the host name, and of nothing else", async () => {
		const port = portOf(await startBroker({}, ["elsewhere.example"]), "secure");
		expect(await outcome(port, { certificate: authority.ca })).toMatchObject({
			kind: "offline",
			reason: { phase: "tls", message: expect.stringContaining("does not match certificate's altnames") },
		});
		expect(await outcome(port, { certificate: authority.ca, tls_insecure: true })).toMatchObject({ kind: "online" });
		expect(await outcome(port, { certificate: stranger.ca, tls_insecure: true })).toMatchObject({ kind: "offline" });
	});

	test("shows its certificate", async () => {
		const port = portOf(await startBroker({ clientCertificate: "required" }), "secure");
		const { certificate, key } = await authority.issue("CN=home", { usage: "client" });
		const files = {
			client_cert: authority.write("home.pem", certificate),
			client_key: authority.write("home.key", key),
		};
		expect(await outcome(port, { certificate: authority.ca })).toMatchObject({ kind: "offline" });
		expect(await outcome(port, { certificate: authority.ca, ...files })).toMatchObject({ kind: "online" });
	});

	test("a file that is gone by then is a failure like others, not an end", async () => {
		const port = portOf(await startBroker(), "secure");
		const file = authority.write("vanishing.pem", readFileSync(authority.ca, "utf8"));
		const { settings } = readSettings({ mqtt: { broker: "localhost", port, certificate: file } });
		writeFileSync(file, "nothing");
		const states = new Condition();
		let last: ClientState | undefined;
		const onState = (state: ClientState) => {
			last = state;
			states.notify();
		};
		if (settings.connection === undefined) throw new Error("the configuration has no connection");
		const client = connectClient(settings.connection, { write: () => undefined }, { onState });
		open.push(() => client.end());
		await states.until(() => (last?.kind === "offline" ? last : undefined));
		writeFileSync(file, readFileSync(authority.ca));
		await states.until(() => (last?.kind === "online" ? last : undefined));
	});

	test("a server that is silent in the TLS handshake is told as that", async () => {
		const server = createPlainServer().listen(0, "localhost");
		await once(server, "listening");
		open.push(async () => server.close());
		const { port } = server.address() as AddressInfo;
		const state = await outcome(port, { certificate: authority.ca }, { connectTimeout: 300 });
		expect(state).toMatchObject({
			kind: "offline",
			reason: { phase: "tls", message: expect.stringContaining("the TLS handshake has not ended: check") },
		});
	});

	test("a name that does not exist fails as such", async () => {
		expect(await outcome(1883, { broker: "does-not-exist.invalid" })).toMatchObject({
			kind: "offline",
			reason: { phase: "dns" },
		});
	});

	/** A TLS server in front of the listener `plain`, with a certificate of the authority's. */
	async function startTlsFront(options: ServerOptions): Promise<number> {
		const hub = await startBroker();
		const { certificate: cert, key } = await authority.issue("CN=broker");
		const server = createServer({ cert, key, ...options }, (socket) => {
			const plain = connect(portOf(hub, "plain"), "127.0.0.1");
			socket.on("error", () => plain.destroy()).on("close", () => plain.destroy());
			plain.on("error", () => socket.destroy());
			socket.pipe(plain).pipe(socket);
		});
		server.listen(0, "localhost");
		await once(server, "listening");
		open.push(async () => server.close());
		return (server.address() as AddressInfo).port;
	}

	test("a broker is told by what name it was called, but not an address", async () => {
		const names: string[] = [];
		const SNICallback: ServerOptions["SNICallback"] = (name, done) => {
			names.push(name);
			done(null);
		};
		const port = await startTlsFront({ SNICallback });
		expect(await outcome(port, { certificate: authority.ca })).toMatchObject({ kind: "online" });
		expect(await outcome(port, { broker: "127.0.0.1", certificate: authority.ca })).toMatchObject({ kind: "online" });
		expect(names).toEqual(["localhost"]);
	});

	test.each([
		[["x-amzn-mqtt-ca", "mqtt"], "online"],
		["mqtt", "online"],
		[["x-amzn-mqtt-ca"], "offline"],
	] as const)("tls_alpn %j with a broker that speaks mqtt: %s", async (tls_alpn, expected) => {
		const port = await startTlsFront({ ALPNProtocols: ["mqtt"] });
		expect(await outcome(port, { certificate: authority.ca, tls_alpn })).toMatchObject({ kind: expected });
	});

	test.each([
		["1.3", "TLSv1.2", "offline"],
		["1.2", "TLSv1.2", "online"],
		["auto", "TLSv1.2", "online"],
		["1.2", "TLSv1.1", "offline"],
		["1.1", "TLSv1.1", "online"],
		["1.0", "TLSv1", "online"],
		["1.1", "TLSv1", "offline"],
		["1.3", "TLSv1.3", "online"],
	] as const)("tls_version %s with a broker that speaks %s: %s", async (tls_version, spoken, expected) => {
		const versions = { minVersion: spoken, maxVersion: spoken, ciphers: "DEFAULT@SECLEVEL=0" } as const;
		const port = await startTlsFront(versions);
		expect(await outcome(port, { certificate: authority.ca, tls_version })).toMatchObject({ kind: expected });
	});
});

test("certificate: auto trusts the roots of the system as well", async () => {
	const port = portOf(await startBroker(), "secure");
	const folder = new ConfigFolder();
	folder.write({ "motehub.yaml": `mqtt: { broker: localhost, port: ${port}, certificate: auto }\n` });
	const args = ["--config", folder.file("motehub.yaml"), "--data", folder.file("data")];
	// Where OpenSSL, and Node with it, looks for the system's roots.
	const command = hubCommandIn({ SSL_CERT_FILE: authority.ca }, ...args);
	await command.reports(/connected to a broker/);
	await command.dispose();
	folder.remove();
});

test("the program: `mqtt: broker:` starts no broker, and says that it is there and gone", async () => {
	const hub = await startBroker();
	const folder = new ConfigFolder();
	folder.write({
		"motehub.yaml": `mqtt:
  broker: localhost
  port: ${portOf(hub, "secure")}
  certificate: ${authority.ca}
  birth_message: { topic: home/status, payload: online, retain: true }
  will_message: { topic: home/status, payload: offline, retain: true }
`,
	});
	const watcher = await connectAsync(`mqtt://127.0.0.1:${portOf(hub, "plain")}`, { reconnectPeriod: 0 });
	open.push(() => watcher.endAsync(true));
	const heard: string[] = [];
	const arrived = new Condition();
	watcher.on("message", (_, payload) => {
		heard.push(payload.toString());
		arrived.notify();
	});
	await watcher.subscribeAsync("home/status");
	const command: Command = hubCommand("--config", folder.file("motehub.yaml"), "--data", folder.file("data"));
	await command.prints(/^motehub ready: client of localhost:\d+$/m);
	await arrived.until(() => heard.includes("online") || undefined);
	command.signal("SIGKILL");
	await arrived.until(() => heard.includes("offline") || undefined);
	await command.dispose();

	const second: Command = hubCommand("--config", folder.file("motehub.yaml"), "--data", folder.file("data"));
	await second.prints(/^motehub ready:/m);
	await second.reports(/connected to a broker/);
	second.signal("SIGTERM");
	expect(await second.exitCode()).toBe(0);
	folder.remove();
});
