import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

/*
 * Plants wrong lines into a copy of the project, each in a file of its own, and asks the programs that `npm run check`
 * runs what they say about each file.
 */

/** A banned import, or a file of a project that is not referred to. */
const WRONG_ARROW = /noRestrictedImports|noNodejsModules|TS6307/;

const ARROWS: readonly [arrow: string, folder: string, code: string][] = [
	["src → hosts", "src/topic", 'export * from "../../hosts/simulator/xs-engine.ts";'],
	["src → test", "src/topic", 'export * from "../../test/tools/mqtt-packets.ts";'],
	["src → tools", "src/topic", 'export * from "../../tools/xs/bundle.ts";'],
	["src → Node", "src/topic", 'export { join } from "node:path";'],
	["src → a package", "src/topic", 'export { WebSocket } from "ws";'],
	["src but codec → mqtt-packet", "src/client", 'export { generate } from "mqtt-packet";'],
	["codec → topic", "src/codec", 'export * from "../topic/index.ts";'],
	["codec → session", "src/codec", 'export * from "../session/index.ts";'],
	["codec → a package", "src/codec", 'export * from "fast-check";'],
	["topic → client", "src/topic", 'export * from "../client/index.ts";'],
	["topic → broker", "src/topic", 'export * from "../broker/index.ts";'],
	["session → client", "src/session", 'export * from "../client/index.ts";'],
	["session → broker", "src/session", 'export * from "../broker/index.ts";'],
	["client → broker", "src/client", 'export * from "../broker/index.ts";'],
	["broker → client", "src/broker", 'export * from "../client/index.ts";'],
	["ports → codec", "src/ports", 'export * from "../codec/index.ts";'],
	["a room past another's index.ts", "src/client", 'export * from "../codec/varint.ts";'],
	["a host past a room's index.ts", "hosts/hub", 'export * from "../../src/codec/varint.ts";'],
	["hub → simulator", "hosts/hub", 'export * from "../simulator/xs-engine.ts";'],
	["hub → device", "hosts/hub", 'export * from "../device/index.ts";'],
	["simulator → hub", "hosts/simulator", 'export * from "../hub/index.ts";'],
	["simulator → device", "hosts/simulator", 'export * from "../device/index.ts";'],
	["device → hub", "hosts/device", 'export * from "../hub/index.ts";'],
	["device → Node", "hosts/device", 'export { join } from "node:path";'],
	["a host → test", "hosts/hub", 'export * from "../../test/tools/mqtt-packets.ts";'],
	["a host → tools", "hosts/hub", 'export * from "../../tools/xs/bundle.ts";'],
	["tools → test", "tools/start", 'export * from "../../test/tools/mqtt-packets.ts";'],
	["a test for both engines → hosts", "test/unit", 'export * from "../../hosts/simulator/xs-engine.ts";'],
	["a test for both engines → Node", "test/unit", 'export { join } from "node:path";'],
];

const GLOBAL = /noRestrictedGlobals/;
const PROPERTY = /noJsRestrictedProperties/;
const PRELOAD = /XS|plugin/;
const BANNED: readonly [what: string, code: string, reason: RegExp][] = [
	["Date", "export const planted = () => Date.now();", GLOBAL],
	["Math.random", "export const planted = () => Math.random();", PROPERTY],
	["Math.random by destructuring", "export const { random } = Math;", PROPERTY],
	["globalThis", "export const planted = () => globalThis;", GLOBAL],
	["setTimeout", "export const planted = () => setTimeout(() => {}, 1);", GLOBAL],
	["setInterval", "export const planted = () => setInterval(() => {}, 1);", GLOBAL],
	["console", 'export const planted = () => console.log("");', GLOBAL],
	["Buffer", "export const planted = () => Buffer.alloc(1);", GLOBAL],
	["TextEncoder", "export const planted = () => new TextEncoder();", GLOBAL],
	["TextDecoder", "export const planted = () => new TextDecoder();", GLOBAL],
	["structuredClone, which has no type there", "export const planted = () => structuredClone(1);", /TS2304/],
	["a platform's name that is declared", "declare const setTimeout: () => void;\nsetTimeout();", PRELOAD],
	["a method newer than ES2023", "export const planted = () => Object.groupBy([1], String);", PROPERTY],
	["a RegExp at module scope", "export const PLANTED = /x/;", PRELOAD],
	["a variable at module scope", "export let planted = 0;\nplanted++;", PRELOAD],
];

const PROJECT = join(import.meta.dirname, "../..");
const COPIED = ["src", "hosts", "tools", "test", "dist", "package.json", "biome.jsonc", ".gitignore"];
const CONFIGURATION = ["tsconfig.json", "tsconfig.base.json"];
const HARMLESS = ["src/topic", "src/codec", "hosts/hub", "hosts/device", "tools/start", "test/unit"];
/** Milliseconds to copy the project and to check it once. */
const PATIENCE = 120_000;

/** The planted files, and what each of them holds. */
const PLANTED = new Map<string, string>([
	...HARMLESS.map((folder): [string, string] => [fileFor(folder, "harmless"), "export const planted = 1;"]),
	...ARROWS.map(([arrow, folder, code]): [string, string] => [fileFor(folder, arrow), code]),
	...BANNED.map(([what, code]): [string, string] => [fileFor("src/session", what), code]),
]);

let copy: string;
let said: readonly string[];

function fileFor(folder: string, what: string): string {
	return `${folder}/planted-${what.replaceAll(/[^\w]+/g, "-")}.ts`;
}

/** Everything that a program of the check says. */
function run(program: string, ...args: readonly string[]): string[] {
	try {
		execFileSync(join(copy, "node_modules/.bin", program), args, { cwd: copy, encoding: "utf8", stdio: "pipe" });
		return [];
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		return `${stdout}\n${stderr}`.split("\n");
	}
}

function complaints(file: string): string {
	return said.filter((line) => line.includes(file)).join("\n");
}

beforeAll(() => {
	copy = mkdtempSync(join(tmpdir(), "motehub-"));
	for (const name of [...COPIED, ...CONFIGURATION]) cpSync(join(PROJECT, name), join(copy, name), { recursive: true });
	symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"));
	for (const [file, code] of PLANTED) {
		mkdirSync(dirname(join(copy, file)), { recursive: true });
		writeFileSync(join(copy, file), `${code}\n`);
	}
	const linter = run(
		"biome",
		"lint",
		"--error-on-warnings",
		"--reporter=github",
		"--max-diagnostics=none",
		...PLANTED.keys(),
	);
	said = [...linter, ...run("tsc", "-b", "--pretty", "false")];
}, PATIENCE);

afterAll(() => rmSync(copy, { recursive: true }));

describe("npm run check", () => {
	test.each(HARMLESS)("lets a harmless file in %s pass", (folder) => {
		expect(complaints(fileFor(folder, "harmless"))).toBe("");
	});

	test.each(ARROWS)("refuses the arrow %s", (arrow, folder) => {
		expect(complaints(fileFor(folder, arrow))).toMatch(WRONG_ARROW);
	});

	test.each(BANNED)("refuses %s in src", (what, _code, reason) => {
		expect(complaints(fileFor("src/session", what))).toMatch(reason);
	});
});
