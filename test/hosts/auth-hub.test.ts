import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { HubAuth, NODE_CLOCK } from "../../hosts/hub/auth/index.ts";
import { readSettings } from "../../hosts/hub/config/index.ts";
import type { ClientIdentity, ConnectionInfo } from "../../src/broker/index.ts";
import { CRYPT_PASSWORDS, MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { ConfigFolder } from "./support/config-folder.ts";

const folder = new ConfigFolder();
afterAll(() => folder.remove());

const [mosquitto = { hash: "", password: "" }] = MOSQUITTO_PASSWORDS;
const [crypt = { hash: "", password: "" }] = CRYPT_PASSWORDS;
const open: HubAuth[] = [];
afterEach(() => {
	for (const auth of open.splice(0)) auth.close();
});

/** What the hub makes of a configuration: who gets in, who may do what. */
function hubAuth(configuration: object, generatedPassword?: string) {
	const { settings } = readSettings(configuration, folder.path);
	const log: string[] = [];
	let changes = 0;
	const told: string[] = [];
	const auth = new HubAuth({
		auth: settings.auth,
		access: settings.access,
		listeners: settings.listeners,
		...(generatedPassword === undefined ? {} : { generatedPassword }),
		clock: NODE_CLOCK,
		log: { write: (_level, message) => log.push(message) },
		rightsChanged: () => {
			changes++;
			told.push("rights");
		},
		usersChanged: () => told.push("users"),
	});
	open.push(auth);
	const getsIn = async (username: string | undefined, password?: string, listener = "default") => {
		const verdict = await auth.authenticate({
			clientId: "c",
			username,
			password: password === undefined ? undefined : Buffer.from(password),
			info: { address: "192.0.2.1:4000", listener, transport: "tcp" },
			method: undefined,
			data: undefined,
		});
		return "allow" in verdict && verdict.allow;
	};
	return { auth, getsIn, log, told, changes: () => changes };
}

const anna: ClientIdentity = { clientId: "c", username: "anna", info: undefined };

describe("from a configuration to a verdict", () => {
	test("the hub's own user", async () => {
		const { getsIn } = hubAuth({}, "generated");
		expect(await getsIn("homeassistant", "generated")).toBe(true);
		expect(await getsIn("homeassistant", "guessed")).toBe(false);
		expect(await getsIn(undefined)).toBe(false);
	});

	test("users of the configuration and of files of several kinds together", async () => {
		folder.write({ one: `anna:${mosquitto.hash}\nsensor:${mosquitto.hash}\n`, two: `bert:${crypt.hash}\n` });
		const { getsIn } = hubAuth({
			auth: { users: { sensor: "own", lamp: { hash: mosquitto.hash } }, password_file: ["one", "two"] },
		});
		expect(await getsIn("anna", mosquitto.password)).toBe(true);
		expect(await getsIn("bert", crypt.password)).toBe(true);
		expect(await getsIn("lamp", mosquitto.password)).toBe(true);
		expect(await getsIn("sensor", "own")).toBe(true);
		expect(await getsIn("sensor", mosquitto.password)).toBe(false);
		expect(await getsIn("carl", crypt.password)).toBe(false);
	});

	test("listeners decide for themselves about anonymous clients", async () => {
		const { getsIn } = hubAuth({
			listeners: { lan: { bind: "h:1", allow_anonymous: true }, wan: { bind: "h:2" } },
			auth: { users: { a: "b" } },
		});
		expect(await getsIn(undefined, undefined, "lan")).toBe(true);
		expect(await getsIn(undefined, undefined, "wan")).toBe(false);
	});

	test("rights of an ACL file and of topic-check", () => {
		folder.write({ acl: "user anna\ntopic read a\n" });
		const byFile = hubAuth({ acl: { file: "acl" } }).auth.access;
		expect([byFile.authorizeDelivery(anna, "a"), byFile.authorizePublish(anna, "a", 0, false)]).toEqual([true, false]);
		const byUser = hubAuth({ acl: { subscribe: { anna: ["a/#"] }, publish: { anna: ["a/b"] } } }).auth.access;
		expect(byUser.authorizeSubscribe(anna, "a/+", 0)).toBe(true);
		expect(byUser.authorizeSubscribe(anna, "#", 0)).toBe(false);
		expect([byUser.authorizePublish(anna, "a/b", 0, false), byUser.authorizePublish(anna, "a/c", 0, false)]).toEqual([
			true,
			false,
		]);
		const free = hubAuth({}).auth.access;
		expect(free.authorizePublish(anna, "anything", 2, true)).toBe(true);
	});

	test("a file that is damaged at the start lets nobody in and is reported, and the others count", async () => {
		folder.write({ one: "anna\n", two: `bert:${crypt.hash}\n`, acl: "nonsense\n" });
		const { auth, getsIn } = hubAuth({ auth: { password_file: ["one", "two"] }, acl: { file: "acl" } });
		expect(auth.errors).toEqual([
			`${folder.file("acl")}:1: "nonsense" is not user, topic or pattern`,
			`${folder.file("one")}:1: is not NAME:HASH`,
		]);
		expect(await getsIn("anna", "")).toBe(false);
		expect(await getsIn("bert", crypt.password)).toBe(true);
		expect(auth.access.authorizePublish(anna, "a", 0, false)).toBe(false);
		expect(auth.access.authorizeDelivery(anna, "a")).toBe(false);
	});
});

describe("reloading", () => {
	test("new users and rights are in force at once, and old verdicts forgotten", async () => {
		folder.write({ one: `anna:${mosquitto.hash}\n`, acl: "topic read a\n" });
		const { auth, getsIn, changes } = hubAuth({ auth: { password_file: "one" }, acl: { file: "acl" } });
		expect(await getsIn("anna", mosquitto.password)).toBe(true);
		expect(changes()).toBe(0);
		folder.write({ one: `bert:${crypt.hash}\n`, acl: "user anna\ntopic write a\n" });
		expect(auth.reload()).toEqual([]);
		expect(changes()).toBe(1);
		expect(await getsIn("anna", mosquitto.password)).toBe(false);
		expect(await getsIn("bert", crypt.password)).toBe(true);
		expect([auth.access.authorizePublish(anna, "a", 0, false), auth.access.authorizeDelivery(anna, "a")]).toEqual([
			true,
			false,
		]);
	});

	test("the rights change before the users: who is sent away leaves a will by the new ones", () => {
		folder.write({ one: `anna:${mosquitto.hash}\n`, acl: "topic read a\n" });
		const configuration = { auth: { password_file: "one" }, acl: { file: "acl" } };
		const { auth, told } = hubAuth(configuration);
		folder.write({ one: `bert:${crypt.hash}\n`, acl: "topic read b\n" });
		expect(auth.reload()).toEqual([]);
		expect(told).toEqual(["rights", "users"]);
		expect(auth.apply(readSettings(configuration, folder.path).settings)).toEqual([]);
		expect(told).toEqual(["rights", "users", "rights", "users"]);
	});

	test("broken files are refused with their lines, and the old ones stay in force", async () => {
		folder.write({ one: `anna:${mosquitto.hash}\n`, acl: "user anna\ntopic read a\n" });
		const { auth, getsIn, log, changes } = hubAuth({ auth: { password_file: "one" }, acl: { file: "acl" } });
		folder.write({ one: `anna:${mosquitto.hash.slice(0, -9)}\n`, acl: "user anna\ntopic read a\ntopic rad b\n" });
		expect(auth.reload()).toHaveLength(2);
		expect(log.join("\n")).toContain(`${folder.file("acl")}:3: "rad" is not read, write, readwrite or deny`);
		expect(await getsIn("anna", mosquitto.password)).toBe(true);
		expect(auth.access.authorizeDelivery(anna, "a")).toBe(true);
		expect(changes()).toBe(0);
		expect(log.join("\n")).not.toContain(mosquitto.hash.slice(10, 30));
	});
});

describe("who got in would still get in", () => {
	const AS_LAMP = { username: "lamp", password: Buffer.from("light") };
	const info: ConnectionInfo = { address: "192.0.2.1:4000", listener: "default", transport: "tcp" };
	const request = { clientId: "c", username: undefined, password: undefined, info, method: undefined, data: undefined };
	const part = (configuration: object) => readSettings(configuration, folder.path).settings;
	const USERS = { auth: { users: { lamp: "light", door: "d" } } };

	test.each([
		["with the same user and password", USERS, AS_LAMP, { auth: { users: { lamp: "light" } } }, true],
		["with another password", USERS, AS_LAMP, { auth: { users: { lamp: "dark" } } }, false],
		["with the user gone", USERS, AS_LAMP, { auth: { users: { door: "d" } } }, false],
		[
			"with a password that was never checked",
			{ auth: { ...USERS.auth, check_passwords: false } },
			{ username: "lamp", password: Buffer.from("wrong") },
			USERS,
			false,
		],
		["with passwords that are not checked any more", USERS, AS_LAMP, { auth: { check_passwords: false } }, true],
		[
			"anonymously, still",
			{ auth: { allow_anonymous: true } },
			{},
			{ auth: { allow_anonymous: true, ...USERS.auth } },
			true,
		],
		["anonymously, no more", { auth: { allow_anonymous: true } }, {}, USERS, false],
	] as const)("%s", async (_, before, who, after, stays) => {
		const { auth } = hubAuth(before);
		expect(await auth.authenticate({ ...request, ...who })).toMatchObject({ allow: true });
		expect(auth.isAdmitted(info)).toBe(true);
		expect(auth.apply(part(after))).toEqual([]);
		expect(auth.isAdmitted(info)).toBe(stays);
	});

	test("settings whose files are damaged change nothing", async () => {
		folder.write({ one: "anna\n" });
		const { auth, getsIn, log } = hubAuth(USERS);
		await auth.authenticate({ ...request, ...AS_LAMP });
		expect(auth.apply(part({ auth: { password_file: "one" } }))).toEqual([`${folder.file("one")}:1: is not NAME:HASH`]);
		expect(log.at(-1)).toMatch(/the settings before stay in force$/);
		expect([auth.isAdmitted(info), await getsIn("lamp", "light"), await getsIn("anna", "")]).toEqual([
			true,
			true,
			false,
		]);
	});

	test("a connection that nobody asked about stays", () => {
		expect(hubAuth(USERS).auth.isAdmitted({ ...info })).toBe(true);
	});
});
