import { beforeEach, describe, expect, test } from "@jest/globals";
import { credentialAuthenticator, type ListenerPolicy } from "../../hosts/hub/auth/credentials.ts";
import { networkOf } from "../../hosts/hub/auth/failure-limiter.ts";
import { PlainUsers, passwordAuthenticator } from "../../hosts/hub/auth/index.ts";
import { parsePasswordHash, plainHash } from "../../hosts/hub/auth/password-hash.ts";
import { PasswordVerifier } from "../../hosts/hub/auth/password-verifier.ts";
import { deriveKeys, SCRAM_SHA_256, ScramAuthenticator } from "../../hosts/hub/auth/scram/index.ts";
import { UserDirectory } from "../../hosts/hub/auth/user-directory.ts";
import { BusyError, WorkQueue } from "../../hosts/hub/auth/work-queue.ts";
import type { Authenticate, Users } from "../../hosts/hub/authenticator.ts";
import type { AuthVerdict } from "../../src/broker/index.ts";
import type { Clock, Log, Millis } from "../../src/ports/index.ts";
import { MOSQUITTO_PASSWORDS, PASSLIB_PASSWORD } from "../vectors/passwords.ts";

/** Time that passes only when a timer is waited for. */
class VirtualClock implements Clock {
	time: Millis = 0;
	readonly delays: Millis[] = [];
	now() {
		return this.time;
	}
	setTimer(callback: () => void, delay: Millis) {
		this.delays.push(delay);
		queueMicrotask(() => {
			this.time += delay;
			callback();
		});
		return undefined;
	}
	clearTimer() {}
}

const ALLOWED: AuthVerdict = { allow: true };
const refused = (reasonCode: number): AuthVerdict => ({ allow: false, reasonCode });

const POLICIES: Record<string, ListenerPolicy> = {
	lan: { allowAnonymous: false, identityAsUsername: false },
	open: { allowAnonymous: true, identityAsUsername: false },
	certificates: { allowAnonymous: true, identityAsUsername: true },
};

let clock: VirtualClock;
let verifier: PasswordVerifier;
let log: string[];

const LOG: Log = { write: (_level, message) => log.push(message) };

beforeEach(() => {
	clock = new VirtualClock();
	log = [];
	verifier = new PasswordVerifier();
	verifier.setUsers(new UserDirectory([new Map([["anna", plainHash("secret")]])]));
});

function authenticator(checkPasswords = true) {
	const policyOf = (name: string) => POLICIES[name] ?? { allowAnonymous: false, identityAsUsername: false };
	const scram = new ScramAuthenticator(new Map([["anna", deriveKeys("secret")]]));
	return credentialAuthenticator({
		verifier,
		policyOf,
		checksPasswords: () => checkPasswords,
		scram,
		clock,
		log: LOG,
	});
}

interface Attempt {
	readonly username?: string;
	readonly password?: string;
	readonly listener?: string;
	readonly address?: string;
	readonly certificateName?: string;
}

async function connect(authenticate: ReturnType<typeof authenticator>, attempt: Attempt): Promise<AuthVerdict> {
	const { username, password, listener = "lan", address = "192.0.2.1:4000", certificateName } = attempt;
	return authenticate({
		clientId: "c",
		username,
		password: password === undefined ? undefined : Buffer.from(password),
		info: { address, listener, transport: "tcp", ...(certificateName === undefined ? {} : { certificateName }) },
		method: undefined,
		data: undefined,
	});
}

describe("who gets in", () => {
	test.each<[Attempt, AuthVerdict]>([
		[{ username: "anna", password: "secret" }, ALLOWED],
		[{ username: "anna", password: "Secret" }, refused(0x86)],
		[{ username: "anna", password: "" }, refused(0x86)],
		[{ username: "anna" }, refused(0x86)],
		[{ username: "Anna", password: "secret" }, refused(0x86)],
		[{ username: "", password: "" }, refused(0x86)],
		[{ username: "", listener: "open" }, refused(0x86)],
		[{}, refused(0x87)],
		[{ listener: "open" }, ALLOWED],
		[{ listener: "open", username: "anna", password: "wrong" }, refused(0x86)],
		[{ listener: "unheard-of" }, refused(0x87)],
		[
			{ listener: "certificates", certificateName: "garage" },
			{ allow: true, username: "garage" },
		],
		[
			{ listener: "certificates", certificateName: "garage", username: "anna" },
			{ allow: true, username: "garage" },
		],
		[{ listener: "certificates", username: "anna", password: "secret" }, refused(0x87)],
		[{ listener: "certificates", certificateName: "" }, refused(0x87)],
		[{ listener: "lan", certificateName: "garage" }, refused(0x87)],
	])("%j: %j", async (attempt, verdict) => {
		expect(await connect(authenticator(), attempt)).toEqual(verdict);
	});

	test("any user name where passwords are not checked, but not no name", async () => {
		expect(await connect(authenticator(false), { username: "x" })).toEqual(ALLOWED);
		expect(await connect(authenticator(false), {})).toEqual(refused(0x87));
	});

	test("nobody while there are no users", async () => {
		verifier.setUsers(new UserDirectory([]));
		expect(await connect(authenticator(), { username: "anna", password: "secret" })).toEqual(refused(0x86));
		expect(await connect(authenticator(), { username: "", password: "" })).toEqual(refused(0x86));
	});
});

describe("a client that does not send its password", () => {
	const info = { address: "192.0.2.1:4000", listener: "lan", transport: "tcp" } as const;
	const request = { clientId: "c", username: undefined, password: undefined, method: SCRAM_SHA_256 } as const;

	test("is slowed down for wrong proofs, as for wrong passwords", async () => {
		const authenticate = authenticator();
		for (let i = 0; i < 7; i++) {
			const here = { ...info };
			await authenticate({ ...request, info: here, data: Buffer.from("n,,n=anna,r=x") });
			const verdict = await authenticate({ ...request, info: here, data: Buffer.from("c=biws,r=x,p=AAAA") });
			expect(verdict).toEqual(refused(0x86));
		}
		expect(clock.delays).toEqual([500, 1000]);
		expect(log).toHaveLength(1);
	});

	test("is refused where its certificate is what counts", async () => {
		const here = { ...info, listener: "certificates", certificateName: "garage" };
		const verdict = await authenticator()({ ...request, info: here, data: Buffer.from("n,,n=anna,r=x") });
		expect(verdict).toEqual(refused(0x8c));
	});
});

/** What lets `anna` in by her password. */
const AUTHENTICATORS: readonly (readonly [name: string, make: () => Authenticate])[] = [
	["a hub by settings", authenticator],
	[
		"a program's hub",
		() => passwordAuthenticator(new PlainUsers({ anna: "secret" }), () => false, { clock, log: LOG }),
	],
];

describe.each(AUTHENTICATORS)("repeated failures from one address at %s", (_, authenticator) => {
	const wrong = { username: "anna", password: "wrong" };

	test("are slowed down more and more, and said once", async () => {
		const authenticate = authenticator();
		for (let i = 0; i < 9; i++) await connect(authenticate, { ...wrong, password: `wrong${i}` });
		expect(clock.delays).toEqual([500, 1000, 2000, 4000]);
		expect(log).toHaveLength(1);
		for (let i = 0; i < 5; i++) await connect(authenticate, wrong);
		expect(Math.max(...clock.delays)).toBe(5000);
	});

	test("many at once do not get through beside each other: who would wait too long is refused unchecked", async () => {
		const authenticate = authenticator();
		for (let i = 0; i < 8; i++) await connect(authenticate, wrong);
		clock.delays.length = 0;
		const verdicts = await Promise.all(
			Array.from({ length: 50 }, () => connect(authenticate, { username: "bert", password: "guess" })),
		);
		expect(verdicts.filter((verdict) => "reasonCode" in verdict && verdict.reasonCode === 0x9f)).toHaveLength(48);
		expect(clock.delays).toEqual([4000, 8000]);
	});

	test("do not slow another address, nor a port's change", async () => {
		const authenticate = authenticator();
		for (let i = 0; i < 6; i++) await connect(authenticate, { ...wrong, address: `192.0.2.1:${4000 + i}` });
		expect(clock.delays).toEqual([500]);
		await connect(authenticate, { ...wrong, address: "192.0.2.2:4000" });
		expect(clock.delays).toEqual([500]);
	});

	test("do not hold up who proved themselves before", async () => {
		const authenticate = authenticator();
		const right = { username: "anna", password: "secret" };
		await connect(authenticate, right);
		for (let i = 0; i < 8; i++) await connect(authenticate, wrong);
		clock.delays.length = 0;
		expect(await connect(authenticate, right)).toEqual(ALLOWED);
		expect(clock.delays).toEqual([]);
	});

	test("are forgotten with time", async () => {
		const authenticate = authenticator();
		for (let i = 0; i < 8; i++) await connect(authenticate, wrong);
		clock.delays.length = 0;
		clock.time += 600_000;
		await connect(authenticate, wrong);
		expect(clock.delays).toEqual([]);
	});
});

describe("users of a program's own", () => {
	const right = { username: "anna", password: "secret" };

	function changing(): { verify: Users["verify"]; password: string | undefined } {
		return {
			password: "secret",
			async verify(_, given) {
				if (this.password === undefined) throw new Error("no table");
				return Buffer.from(given).toString() === this.password;
			},
		};
	}

	test("are asked each time: who was right before and is not any more stays out, and is slowed down", async () => {
		const users = changing();
		const authenticate = passwordAuthenticator(users, () => false, { clock });
		expect(await connect(authenticate, right)).toEqual(ALLOWED);
		users.password = "changed";
		for (let i = 0; i < 6; i++) expect(await connect(authenticate, right)).toEqual(refused(0x86));
		expect(clock.delays).toEqual([500]);
	});

	test("that cannot be asked are nobody's mistake", async () => {
		const users = changing();
		users.password = undefined;
		const authenticate = passwordAuthenticator(users, () => false, { clock });
		for (let i = 0; i < 8; i++) await expect(connect(authenticate, right)).rejects.toThrow("no table");
		users.password = "secret";
		expect(await connect(authenticate, right)).toEqual(ALLOWED);
		expect(clock.delays).toEqual([]);
	});
});

describe("the network of an address", () => {
	test.each([
		["192.0.2.1:4000", "192.0.2.1"],
		["192.0.2.1", "192.0.2.1"],
		["[::ffff:192.0.2.1]:4000", "192.0.2.1"],
		["[2001:db8:1:2:3:4:5:6]:4000", "2001:db8:1:2::/64"],
		["2001:db8:1:2::6", "2001:db8:1:2::/64"],
		["[2001:db8::6]:1", "2001:db8:0:0::/64"],
		["[::1]:4000", "0:0:0:0::/64"],
		["unknown:0", "unknown"],
	])("%s is of %s", (address, network) => {
		expect(networkOf(address)).toBe(network);
	});
});

describe("the verifier", () => {
	function users(hash: string) {
		const parsed = parsePasswordHash(hash);
		if ("fault" in parsed) throw new Error(parsed.fault);
		return new UserDirectory([new Map([["anna", parsed]])]);
	}
	const [pbkdf2 = PASSLIB_PASSWORD, sha512 = PASSLIB_PASSWORD] = MOSQUITTO_PASSWORDS;

	test("remembers verdicts until the users change", async () => {
		const password = Buffer.from(pbkdf2.password);
		verifier.setUsers(users(pbkdf2.hash));
		expect(verifier.recall("anna", password)).toBeUndefined();
		expect(await verifier.verify("anna", password)).toBe(true);
		expect(verifier.recall("anna", password)).toBe(true);
		expect(verifier.recall("ann", Buffer.concat([Buffer.from("a"), password]))).toBeUndefined();
		verifier.setUsers(users(sha512.hash));
		expect(verifier.recall("anna", password)).toBeUndefined();
		expect(await verifier.verify("anna", password)).toBe(false);
	});

	test("a check that was on its way when the users changed counts by the new ones", async () => {
		const password = Buffer.from(pbkdf2.password);
		verifier.setUsers(users(pbkdf2.hash));
		const verdict = verifier.verify("anna", password);
		verifier.setUsers(users(sha512.hash));
		expect(await verdict).toBe(false);
	});

	test("a flood is refused when too much waits, and those in turn get their verdict", async () => {
		verifier.setUsers(users(pbkdf2.hash));
		const outcomes = await Promise.allSettled(
			Array.from({ length: 1000 }, (_, i) => verifier.verify("anna", Buffer.from(`guess${i}`))),
		);
		const refusals = outcomes.flatMap((each): unknown[] => (each.status === "rejected" ? [each.reason] : []));
		expect(refusals.every((reason) => reason instanceof BusyError)).toBe(true);
		expect(refusals.length).toBeGreaterThan(800);
		expect(outcomes.some((each) => each.status === "fulfilled")).toBe(true);
		expect(await verifier.verify("anna", Buffer.from(pbkdf2.password))).toBe(true);
	});

	test("the same name and password at the same time are checked once", async () => {
		verifier.setUsers(users(pbkdf2.hash));
		const many = Array.from({ length: 1000 }, () => verifier.verify("anna", Buffer.from(pbkdf2.password)));
		expect((await Promise.all(many)).every((right) => right)).toBe(true);
	});

	test("busy is told to the client as such", async () => {
		verifier.setUsers(users(pbkdf2.hash));
		const authenticate = authenticator();
		const verdicts = await Promise.all(
			Array.from({ length: 300 }, (_, i) =>
				connect(authenticate, { username: "anna", password: `guess${i}`, address: `10.0.${i >> 8}.${i & 255}:1` }),
			),
		);
		const codes = new Set(verdicts.map((verdict) => ("reasonCode" in verdict ? verdict.reasonCode : 0)));
		expect(codes).toEqual(new Set([0x86, 0x89]));
	});
});

describe("an unknown user", () => {
	test("is checked against somebody's hash, always the same, and is wrong even with that password", async () => {
		const directory = new UserDirectory([
			new Map([
				["anna", plainHash("a")],
				["bert", plainHash("b")],
			]),
		]);
		expect(directory.decoy("nobody")).toBe(directory.decoy("nobody"));
		verifier.setUsers(directory);
		expect(await verifier.verify("nobody", Buffer.from("a"))).toBe(false);
		expect(await verifier.verify("nobody", Buffer.from("b"))).toBe(false);
	});

	test("is taken for the same user whoever else comes and goes: its cost would change with each change of the users", () => {
		const secret = Buffer.alloc(32, 7);
		const hashes = Array.from({ length: 20 }, (_, index) => [`user${index}`, plainHash(String(index))] as const);
		const names = Array.from({ length: 50 }, (_, index) => `nobody${index}`);
		const before = new UserDirectory([new Map(hashes)], secret);
		expect(new Set(names.map((name) => before.decoy(name))).size).toBeGreaterThan(5);
		const [[, gone]] = hashes as [(typeof hashes)[0]];
		const after = new UserDirectory([new Map(hashes.slice(1))], secret);
		for (const name of names) {
			if (before.decoy(name) !== gone) expect(after.decoy(name)).toBe(before.decoy(name));
		}
	});

	test("costs a hash even where nobody is known", () => {
		expect(new UserDirectory([]).decoy("nobody").scheme).toBe("pbkdf2");
	});

	test("a user of the configuration goes before one of a file", () => {
		const mine = plainHash("a");
		const directory = new UserDirectory([new Map([["anna", mine]]), new Map([["anna", plainHash("b")]])]);
		expect(directory.find("anna")).toBe(mine);
	});
});

test("a queue goes on after work that fails", async () => {
	const queue = new WorkQueue(1, 1);
	const failing = queue.run(() => Promise.reject(new Error("lost")));
	const next = queue.run(() => Promise.resolve("done"));
	await expect(queue.run(() => Promise.resolve())).rejects.toThrow(BusyError);
	await expect(failing).rejects.toThrow("lost");
	expect(await next).toBe("done");
	expect(await queue.run(() => Promise.resolve("again"))).toBe("again");
});
