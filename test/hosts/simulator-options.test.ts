import { describe, expect, test } from "@jest/globals";
import { parseCommandLine } from "../../hosts/simulator/options.ts";

const DEFAULTS = {
	broker: "127.0.0.1",
	port: 1883,
	protocol: "3.1.1",
	keepalive: 60,
	count: 1,
	interval: 5,
	latency: 0,
};

function parse(line: string, environment: Readonly<Record<string, string>> = {}): unknown {
	return parseCommandLine(line === "" ? [] : line.split(" "), environment);
}

describe("the simulator's command line", () => {
	test("asks for one device at this computer's broker when it is empty", () => {
		expect(parse("")).toEqual(DEFAULTS);
	});

	test.each([
		["--broker hub.local --port 1884", { broker: "hub.local", port: 1884 }],
		["--username u --password p", { username: "u", password: "p" }],
		["--client-id kitchen --count 64", { clientId: "kitchen", count: 64 }],
		["--protocol 3.1", { protocol: "3.1" }],
		["--protocol 5 --keepalive 0", { protocol: "5", keepalive: 0 }],
		["--interval 3600 --latency 250", { interval: 3600, latency: 250 }],
		["--drop 0.1/60", { drop: { probability: 0.1, every: 60 } }],
		["--drop 1/0.5", { drop: { probability: 1, every: 0.5 } }],
		["--stall 0.5/10/90", { stall: { probability: 0.5, every: 10, duration: 90 } }],
		["--state /tmp/flash", { state: "/tmp/flash" }],
	])("takes %s", (line, expected) => {
		expect(parse(line)).toEqual({ ...DEFAULTS, ...expected });
	});

	test("takes the password from the environment, which the option overrides", () => {
		const environment = { MOTEHUB_PASSWORD: "from the environment" };
		expect(parse("--username u", environment)).toMatchObject({ password: "from the environment" });
		expect(parse("--username u --password p", environment)).toMatchObject({ password: "p" });
	});

	test.each([
		["--brokre x", "unknown option '--brokre' (Did you mean --broker?)"],
		["--port 0", "It must be a whole number from 1 to 65535; --help"],
		["--port 1e3", "It must be a whole number from 1 to 65535; --help"],
		["--port", "argument missing"],
		["--broker mqtt://hub", "It must be a name or an IPv4 address, without port"],
		["--broker hub:1883", "It must be a name or an IPv4 address, without port"],
		["--broker 192.168.1", "It must be a name or an IPv4 address, without port"],
		["--protocol 4", "Allowed choices are 3.1, 3.1.1, 5; --help"],
		["--keepalive 65536", "It must be a whole number from 0 to 65535; --help"],
		["--count 0", "It must be a whole number from 1 to 64; --help"],
		["--count 65", "It must be a whole number from 1 to 64; --help"],
		["--interval 0", "It must be a whole number from 1 to 3600; --help"],
		["--drop 0.1", "It must be PROBABILITY/SECONDS"],
		["--drop 1.1/60", "It must be PROBABILITY/SECONDS"],
		["--drop 0.1/0", "It must be PROBABILITY/SECONDS"],
		["--stall 0.1/60", "It must be PROBABILITY/SECONDS/DURATION"],
		["--stall 0.1/60/x", "It must be PROBABILITY/SECONDS/DURATION"],
		["--latency -1", "It must be a whole number from 0 to 60000; --help"],
		["--password p", "a password needs --username"],
		["stray", "unexpected argument 'stray': a value follows its option, and with npm the options follow --"],
	])("refuses %s in one line, with exit code 2", (line, message) => {
		const answer = parse(line);
		expect(answer).toEqual({ exitCode: 2, text: expect.stringContaining(message) });
		expect((answer as { text: string }).text).toMatch(/^error: [^\n]+; --help lists the options\n$/);
	});

	test("refuses a password in the environment without a user name, and does not show it", () => {
		const answer = parse("", { MOTEHUB_PASSWORD: "secret" });
		expect(answer).toEqual({ exitCode: 2, text: expect.stringContaining("MOTEHUB_PASSWORD") });
		expect(answer).not.toEqual(expect.objectContaining({ text: expect.stringContaining("secret") }));
	});

	test("--help lists every option, and does not count as an error", () => {
		const answer = parse("--help") as { exitCode: number; text: string };
		expect(answer.exitCode).toBe(0);
		for (const name of [
			...Object.keys(DEFAULTS),
			"username",
			"password",
			"client-id",
			"drop",
			"stall",
			"state",
			"help",
		]) {
			expect(answer.text).toContain(`--${name}`);
		}
	});
});
