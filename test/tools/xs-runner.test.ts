import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

/** What Jest writes with `--json`, as far as it is looked at here. */
interface Report {
	readonly testResults: readonly {
		readonly name: string;
		readonly status: string;
		readonly message: string;
		readonly assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[];
	}[];
}

const PROJECT = join(import.meta.dirname, "../..");
const CONFIG = join(import.meta.dirname, "fixtures/jest.config.mjs");
/** Milliseconds that the endless fixture may run. */
const PATIENCE = "1500";

let folder: string;
let report: Report;

/** Runs Jest on the fixtures and returns its report. */
async function jest(name: string, ...args: readonly string[]): Promise<Report> {
	const output = join(folder, `${name}.json`);
	const command = [
		join(PROJECT, "node_modules/jest/bin/jest.js"),
		"--config",
		CONFIG,
		"--json",
		"--outputFile",
		output,
	];
	await new Promise((resolve) => {
		execFile(process.execPath, [...command, "--testTimeout", PATIENCE, ...args], { cwd: PROJECT }, resolve);
	});
	return JSON.parse(await readFile(output, "utf8")) as Report;
}

function file(name: string, within = report): Report["testResults"][number] {
	const found = within.testResults.find((result) => basename(result.name) === `${name}.fixture.ts`);
	if (!found) throw new Error(`no result of ${name}.fixture.ts`);
	return found;
}

function statuses(name: string, within = report): Record<string, string> {
	return Object.fromEntries(file(name, within).assertionResults.map(({ fullName, status }) => [fullName, status]));
}

function failure(name: string, testName: string): string {
	const result = file(name).assertionResults.find(({ fullName }) => fullName === testName);
	return result?.failureMessages.join("\n") ?? "";
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "motehub-"));
	report = await jest("all");
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

describe("the Jest runner for XS", () => {
	test("runs hooks, promises, tables and properties", () => {
		expect(statuses("passing")).toEqual({
			"suite hooks run in order": "passed",
			"suite promises are awaited": "passed",
			"suite fast-check is there": "passed",
			"suite row 1 is a": "passed",
			"suite row 2 is b": "passed",
			"suite property 2": "passed",
			"suite is left out": "pending",
			"suite is to come": "todo",
			"suite x has its row": "passed",
			"suite y has its row": "passed",
			"the hooks of a suite have run when it is over": "passed",
			"the realm is a device's": "passed",
		});
	});

	test("takes describe.only at its word", () => {
		expect(statuses("only")).toEqual({
			"others is not chosen": "pending",
			"chosen one": "passed",
			"chosen two": "passed",
		});
	});

	test("runs what -t names", async () => {
		const some = await jest("named", "passing", "-t", "row 2");
		expect(some.testResults).toHaveLength(1);
		const ran = Object.entries(statuses("passing", some)).filter(([, status]) => status === "passed");
		expect(ran.map(([name]) => name)).toEqual(["suite row 2 is b"]);
	});
});

describe("a failure on XS", () => {
	test.each([
		["failing with a difference", /-\s+3,\n.*\+\s+2,/s, 6],
		["failing with an error and its cause", /RangeError: too far\n\nCaused by: Error: too fast/, 10],
		["failing after a promise", /Expected: 2\nReceived: 1/, 15],
		["failing by an assertion that did not happen", /Expected one assertion to be called/, 21],
		["failing by a property", /Counterexample: \[100\]/, 25],
		["failing by a name in an Error's subclass, as preloaded code does", /set name: not writable/, 32],
		["a hook that fails later", /left behind/, 45],
	])("%s: the message and the line", (name, message, line) => {
		expect(failure("failing", name)).toMatch(message);
		expect(failure("failing", name)).toContain(`${join(import.meta.dirname, "fixtures/failing.fixture.ts")}:${line}:`);
	});

	test("of a promise that never settles is seen at once, and the tests after it run", () => {
		expect(failure("failing", "failing by never ending")).toMatch(/never settled/);
		expect(statuses("failing")["failing passes all the same"]).toBe("passed");
	});

	test.each([
		["endless", "runs for ever", /no end after 1.5 s of one test/],
		["abort", "goes too deep", /stack overflow/],
	])(
		"%s: the test that ended the engine says so, and the later ones that they did not run",
		(name, culprit, reason) => {
			expect(statuses(name)).toEqual({ before: "passed", [culprit]: "failed", after: "failed" });
			expect(failure(name, culprit)).toMatch(reason);
			expect(failure(name, "after")).toMatch(/Did not run/);
		},
	);

	test("while a file is loaded is the file's", () => {
		const { status, message } = file("throws-while-loading");
		expect(status).toBe("failed");
		expect(message).toMatch(/not like this[\s\S]*throws-while-loading\.fixture\.ts:5:/);
	});

	test("while a file is bundled is the file's alone", () => {
		const { status, message } = file("needs-node");
		expect(status).toBe("failed");
		expect(message).toMatch(/needs-node\.fixture\.ts:2:20: ERROR: Could not resolve "node:path"/);
		expect(statuses("passing")["suite promises are awaited"]).toBe("passed");
	});
});
