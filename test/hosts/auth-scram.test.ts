import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connect, type MqttClient } from "mqtt";
import type { IAuthPacket } from "mqtt-packet";
import { HubAuth, loadAuthSecret, NODE_CLOCK, SCRAM_SHA_256, ScramAuthenticator } from "../../hosts/hub/auth/index.ts";
import { parsePasswordHash } from "../../hosts/hub/auth/password-hash.ts";
import { ScramExchange } from "../../hosts/hub/auth/scram/exchange.ts";
import { deriveKeys, scramText } from "../../hosts/hub/auth/scram/keys.ts";
import { parseClientFirst } from "../../hosts/hub/auth/scram/messages.ts";
import { readSettings } from "../../hosts/hub/config/index.ts";
import type { Authenticate, Hub } from "../../hosts/hub/index.ts";
import type { AuthVerdict, ConnectionInfo } from "../../src/broker/index.ts";
import type { Log } from "../../src/ports/index.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { startHub } from "./support/running-hub.ts";
import { ScramClient } from "./support/scram-client.ts";

const SILENT = { write: () => undefined };
const folder = new ConfigFolder();
afterAll(() => folder.remove());

test("the exchange of RFC 7677 section 3", async () => {
	const keys = await deriveKeys("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"), 4_096);
	const first = parseClientFirst(Buffer.from("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
	if (first === undefined) throw new Error("the first message was not understood");
	const exchange = new ScramExchange(first, keys, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
	const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
	expect(exchange.challenge).toBe(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
	const final = `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;
	expect(exchange.finish(Buffer.from(final))).toBe("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
});

describe("the authenticator", () => {
	let scram: ScramAuthenticator;
	let info: ConnectionInfo;

	beforeEach(() => {
		scram = new ScramAuthenticator(
			new Map([
				["anna", deriveKeys("secret")],
				["a,b=c", deriveKeys("commas")],
				["jürgen", deriveKeys("straße\u00a01")],
			]),
		);
		info = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" };
	});

	function say(message: string): Promise<AuthVerdict> {
		const data = Buffer.from(message);
		return scram.authenticate({ clientId: "c", username: undefined, password: undefined, info, method: "m", data });
	}

	async function challenge(message: string): Promise<string> {
		const verdict = await say(message);
		return "challenge" in verdict ? Buffer.from(verdict.challenge).toString() : JSON.stringify(verdict);
	}

	async function logIn(username: string, password: string): Promise<AuthVerdict> {
		const client = new ScramClient(username, password);
		return say(client.final(await challenge(client.first)));
	}

	test.each([
		["anna", "secret"],
		["a,b=c", "commas"],
		["jürgen", "straße 1"],
	])("lets %s in, under that name", async (username, password) => {
		expect(await logIn(username, password)).toMatchObject({ allow: true, username });
	});

	test("lets a name in that is written with combining characters", async () => {
		expect(await logIn("ju\u0308rgen", "straße 1")).toMatchObject({ allow: true, username: "jürgen" });
	});

	test("refuses a wrong password and an unknown user in the same way", async () => {
		const wrong = await logIn("anna", "Secret");
		expect(wrong).toEqual({ allow: false, reasonCode: 0x86 });
		expect(await logIn("nobody", "secret")).toEqual(wrong);
	});

	test("shows an unknown user the same salt each time, as a known one", async () => {
		const saltOf = async (username: string) => {
			info = { ...info };
			return /,(s=\S+,i=\d+)$/.exec(await challenge(`n,,n=${username},r=x`))?.[1];
		};
		expect(await saltOf("nobody")).toBe(await saltOf("nobody"));
		expect(await saltOf("anna")).toBe(await saltOf("anna"));
		expect((await saltOf("nobody"))?.length).toBe((await saltOf("anna"))?.length);
	});

	test.each([
		"",
		"n,,n=anna",
		"n,,n=,r=x",
		"p=tls-unique,,n=anna,r=x",
		"n,a=bert,n=anna,r=x",
		"n,,m=ext,n=anna,r=x",
		"n,,n=an=na,r=x",
		"n,,n=anna,r=a b",
		`n,,n=${"x".repeat(2_000)},r=x`,
	])("refuses %j as a first message", async (message) => {
		expect(await say(message)).toEqual({ allow: false, reasonCode: 0x87 });
	});

	test.each<[string, (final: string) => string]>([
		["of another nonce", (final) => final.replace(/r=./, "r=Z")],
		["of another channel binding", (final) => final.replace("c=biws", "c=eSws")],
		["without a proof", (final) => final.replace(/,p=.*/, "")],
		["with a short proof", (final) => final.replace(/,p=.*/, ",p=AAAA")],
		["with another proof", (final) => final.replace(/,p=.{4}/, ",p=AAAA")],
		["that is none", () => "n,,n=anna,r=x"],
	])("refuses a last message %s", async (_, change) => {
		const client = new ScramClient("anna", "secret");
		const final = client.final(await challenge(client.first));
		expect(await say(change(final))).toEqual({ allow: false, reasonCode: 0x86 });
	});

	test("takes a last message once", async () => {
		const client = new ScramClient("anna", "secret");
		const final = client.final(await challenge(client.first));
		expect(await say(final)).toMatchObject({ allow: true });
		expect(await say(final)).toEqual({ allow: false, reasonCode: 0x87 });
	});

	test("takes other users at once: who is in the middle starts again", async () => {
		const client = new ScramClient("anna", "secret");
		const final = client.final(await challenge(client.first));
		scram.setUsers(new Map([["bert", deriveKeys("other")]]));
		expect(await say(final)).toEqual({ allow: false, reasonCode: 0x87 });
		expect(await logIn("anna", "secret")).toEqual({ allow: false, reasonCode: 0x86 });
		expect(await logIn("bert", "other")).toMatchObject({ allow: true });
	});

	test("takes other users at once, also while the keys of those before are being made", async () => {
		const client = new ScramClient("anna", "secret");
		const first = challenge(client.first);
		scram.setUsers(new Map([["anna", deriveKeys("other")]]));
		expect(await say(client.final(await first))).toEqual({ allow: false, reasonCode: 0x86 });
		info = { ...info };
		expect(await logIn("anna", "other")).toMatchObject({ allow: true });
	});

	test("lets nobody else take over a connection by authenticating again", async () => {
		await logIn("anna", "secret");
		expect(await logIn("anna", "secret")).toMatchObject({ allow: true });
		expect(await logIn("a,b=c", "commas")).toEqual({ allow: false, reasonCode: 0x87 });
	});
});

describe("keys in a password file", () => {
	// The user, password, salt and iterations of RFC 7677 section 3, whose signatures the exchange above holds them to.
	const PENCIL =
		"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

	test("are those of the RFC, and read back as they were written", async () => {
		const keys = await deriveKeys("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"), 4_096);
		expect(scramText(keys)).toBe(PENCIL);
		expect(parsePasswordHash(PENCIL)).toEqual({ scheme: "scram", keys });
	});

	test("let in by SCRAM and by the password itself", async () => {
		folder.write({ keys: `user:${PENCIL}\n` });
		const { settings } = readSettings({ auth: { password_file: "keys" } }, folder.path);
		const auth = new HubAuth({ ...settings, clock: NODE_CLOCK, log: SILENT, rightsChanged: () => undefined });
		const info: ConnectionInfo = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" };
		const nobody = {
			clientId: "c",
			username: undefined,
			password: undefined,
			info,
			method: undefined,
			data: undefined,
		};
		const byPassword = (text: string) =>
			auth.authenticate({ ...nobody, username: "user", password: Buffer.from(text) });
		expect(await byPassword("pencil")).toEqual({ allow: true });
		expect(await byPassword("pencils")).toEqual({ allow: false, reasonCode: 0x86 });
		const client = new ScramClient("user", "pencil");
		const say = (text: string) => auth.authenticate({ ...nobody, method: SCRAM_SHA_256, data: Buffer.from(text) });
		const challenge = await say(client.first);
		if (!("challenge" in challenge)) throw new Error("there is no challenge");
		const verdict = await say(client.final(Buffer.from(challenge.challenge).toString()));
		expect(verdict).toMatchObject({ allow: true, username: "user" });
	});

	test("are not asked for where the user has a hash of another kind in a file before", async () => {
		const [{ hash, password }] = MOSQUITTO_PASSWORDS as unknown as [{ hash: string; password: string }];
		folder.write({ passwd: `user:${hash}\n`, keys: `user:${PENCIL}\n` });
		const { settings } = readSettings({ auth: { password_file: ["passwd", "keys"] } }, folder.path);
		const auth = new HubAuth({ ...settings, clock: NODE_CLOCK, log: SILENT, rightsChanged: () => undefined });
		const info: ConnectionInfo = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" };
		const request = { clientId: "c", username: "user", info, method: undefined, data: undefined };
		expect(await auth.authenticate({ ...request, password: Buffer.from(password) })).toEqual({ allow: true });
		expect(await auth.authenticate({ ...request, password: Buffer.from("pencil") })).toMatchObject({ allow: false });
		const scram = { ...request, username: undefined, password: undefined, method: SCRAM_SHA_256 };
		const data = Buffer.from(new ScramClient("user", "pencil").first);
		expect(await auth.authenticate({ ...scram, data })).toEqual({ allow: false, reasonCode: 0x8c });
	});

	test("an unknown user seems to have as many iterations, and as long a salt, as those who are known", async () => {
		const keys = await deriveKeys("secret", Buffer.alloc(24, 1), 5_000);
		const scram = new ScramAuthenticator(new Map([["anna", Promise.resolve(keys)]]));
		const shown = await shownTo("nobody", (request) => scram.authenticate(request));
		expect(shown).toMatch(/^s=[A-Za-z0-9+/]{32},i=5000$/);
	});

	test.each([
		PENCIL.replace("4096", "0"),
		PENCIL.replace("4096", "99999999"),
		PENCIL.replace("W22ZaJ0SNY7soEsUEjb6gQ==", ""),
		PENCIL.slice(0, -4),
		PENCIL.replace("SHA-256", "SHA-1"),
		`${PENCIL}$x`,
	])("a damaged or too costly line is refused: %s", (text) => {
		expect(parsePasswordHash(text)).toMatchObject({ unsupported: false });
	});
});

/** Salt and iterations that a user of this name is shown. */
async function shownTo(username: string, authenticate: Authenticate): Promise<string | undefined> {
	const info: ConnectionInfo = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" };
	const nobody = { clientId: "c", username: undefined, password: undefined, info, method: SCRAM_SHA_256 };
	const verdict = await authenticate({ ...nobody, data: Buffer.from(`n,,n=${username},r=x`) });
	if (!("challenge" in verdict)) throw new Error("there is no challenge");
	return /,(s=\S+,i=\d+)$/.exec(Buffer.from(verdict.challenge).toString())?.[1];
}

describe("what strangers are shown of a name does not tell whether somebody has it", () => {
	const secret = Buffer.alloc(32, 7);
	const partOf = (users: object) => readSettings({ auth: { users } }, folder.path).settings;
	const authOf = (users: object) =>
		new HubAuth({ ...partOf(users), secret, clock: NODE_CLOCK, log: SILENT, rightsChanged: () => undefined });

	test("when the configuration is read again", async () => {
		const auth = authOf({ anna: "secret", bert: "other" });
		const names = ["anna", "bert", "nobody"];
		const shown = () => Promise.all(names.map((name) => shownTo(name, auth.authenticate)));
		const before = await shown();
		expect(new Set(before).size).toBe(3);
		auth.apply(partOf({ anna: "changed", door: "d" }));
		expect(await shown()).toEqual(before);
	});

	test("after a restart", async () => {
		for (const name of ["anna", "nobody"]) {
			const shown = await shownTo(name, authOf({ anna: "secret" }).authenticate);
			expect(await shownTo(name, authOf({ anna: "secret", bert: "b" }).authenticate)).toBe(shown);
		}
	});

	test("for the secret of that is kept in the data folder, and made anew if it is damaged", () => {
		const kept = loadAuthSecret(folder.path, SILENT);
		expect(loadAuthSecret(folder.path, SILENT)).toEqual(kept);
		expect(statSync(folder.file("auth-secret")).mode & 0o077).toBe(0);
		folder.write({ "auth-secret": "damaged\n" });
		const made = loadAuthSecret(folder.path, SILENT);
		expect(made).toHaveLength(32);
		expect(loadAuthSecret(folder.path, SILENT)).toEqual(made);
	});

	test("as far as the hub can keep its secret: without one it runs all the same, and says so", () => {
		const said: unknown[] = [];
		const log: Log = { write: (level, _message, fields) => said.push({ level, ...fields }) };
		const missing = folder.file("missing");
		expect(loadAuthSecret(missing, log)).toHaveLength(32);
		expect(said).toEqual([{ level: "warn", file: join(missing, "auth-secret"), reason: "ENOENT" }]);
	});
});

describe("a client of MQTT 5", () => {
	let hub: Hub;
	let port: number;
	const clients: MqttClient[] = [];
	let users: (string | undefined)[];

	beforeEach(async () => {
		const { settings } = readSettings({ auth: { users: { anna: "secret" } } }, folder.path);
		const auth = new HubAuth({
			...settings,
			clock: NODE_CLOCK,
			log: { write: () => undefined },
			rightsChanged: () => undefined,
		});
		expect(auth.authenticationMethods).toEqual([SCRAM_SHA_256]);
		const { authenticate, authenticationMethods } = auth;
		const running = await startHub({ authenticate, authenticationMethods });
		({ hub, port } = running);
		users = [];
		hub.events.on("connected", ({ username }) => users.push(username));
	});
	afterEach(async () => {
		await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
		await hub.close();
	});

	/** Resolves with the reason code of CONNACK, or with 0 once the server has proved itself. */
	function logIn(username: string, password: string, method = SCRAM_SHA_256): Promise<number> {
		const scram = new ScramClient(username, password);
		const client = connect(`mqtt://127.0.0.1:${port}`, {
			protocolVersion: 5,
			reconnectPeriod: 0,
			properties: { authenticationMethod: method, authenticationData: Buffer.from(scram.first) },
		});
		clients.push(client);
		client.handleAuth = ({ properties }: IAuthPacket, callback) => {
			const data = Buffer.from(scram.final(String(properties?.authenticationData)));
			const answer = { authenticationMethod: method, authenticationData: data };
			callback(undefined, { cmd: "auth", reasonCode: 0x18, properties: answer });
		};
		return new Promise((resolve, reject) => {
			client.once("error", (error) => resolve((error as { code?: number }).code ?? -1));
			client.once("connect", ({ properties }) => {
				if (scram.accepts(properties?.authenticationData?.toString())) resolve(0);
				else reject(new Error("the hub does not know the password"));
			});
		});
	}

	test("gets in without its password crossing the network, and the hub proves itself", async () => {
		expect(await logIn("anna", "secret")).toBe(0);
		expect(users).toEqual(["anna"]);
	});

	test("with a wrong password does not", async () => {
		expect(await logIn("anna", "wrong")).toBe(0x86);
		expect(users).toEqual([]);
	});

	test("with another method does not", async () => {
		expect(await logIn("anna", "secret", "SCRAM-SHA-1")).toBe(0x8c);
	});
});
