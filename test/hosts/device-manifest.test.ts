import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { build, type Plugin } from "esbuild";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const LIBRARY = join(PROJECT, "manifest.json");
const FIRMWARE = join(PROJECT, "hosts/device/firmware/manifest.json");
const TLS = join(PROJECT, "hosts/device/tls/manifest.json");

interface Manifest {
	readonly include?: string | readonly string[];
	readonly modules?: Readonly<Record<string, string>>;
	readonly creation?: { readonly main: string };
	readonly platforms?: Readonly<Record<string, Manifest>>;
}

interface PackageFile {
	readonly exports: Readonly<Record<string, { readonly types?: string; readonly moddable?: string }>>;
}

/** The folders of the library's parts, from the project's: each has a manifest. */
const PARTS = [...foldersIn("src"), "hosts/device", ...foldersIn("hosts/device")].filter(
	(folder) => !/\/(firmware|tls)$/.test(folder) && existsSync(join(PROJECT, folder, "manifest.json")),
);

/** What the SDK's own manifests, which ours include, provide. */
const OF_THE_SDK = /^(embedded:(io|network|sensor|storage)\/.+|embedded:update|crypt|mc\/(config|ffi)|net|time|timer)$/;

/** Module names, and the files that `npm run build` has made for them, with those of included manifests of ours. */
function modulesOf(file: string, manifest = readManifest(file)): Map<string, string> {
	const included = [manifest.include ?? []].flat().filter((path) => !path.startsWith("$"));
	const modules = new Map(included.flatMap((path) => [...modulesOf(join(dirname(file), path))]));
	for (const [name, path] of Object.entries(manifest.modules ?? {})) {
		if (path.startsWith("$")) continue;
		const source = join(dirname(file), path);
		if (!name.endsWith("/*")) modules.set(name, `${source}.js`);
		else for (const each of scripts(dirname(source))) modules.set(name.replace("*", basename(each, ".js")), each);
	}
	return modules;
}

function readManifest(file: string): Manifest {
	return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

/** Adds the module and all that it imports. Throws when `modules` lack one, and it is not the SDK's. */
function reach(name: string, modules: ReadonlyMap<string, string>, reached: Set<string>): void {
	if (reached.has(name)) return;
	reached.add(name);
	const file = modules.get(name);
	if (file === undefined && OF_THE_SDK.test(name)) return;
	if (file === undefined) throw new Error(`no manifest names the module ${name}`);
	for (const specifier of importsOf(file)) reach(resolve(specifier.replace(/^moddable:/, ""), name), modules, reached);
}

function foldersIn(folder: string): readonly string[] {
	const entries = readdirSync(join(PROJECT, folder), { withFileTypes: true });
	return entries.filter((entry) => entry.isDirectory()).map(({ name }) => posix.join(folder, name));
}

function scripts(folder: string): readonly string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith(".js"))
		.map((name) => join(folder, name));
}

function importsOf(file: string): readonly string[] {
	const text = readFileSync(file, "utf8");
	return [...text.matchAll(/(?:\bfrom|\bimport) "([^"]+)";/g)].map(([, specifier = ""]) => specifier);
}

/** As XS resolves: relative to the name of the importing module, without the extension. */
function resolve(specifier: string, importer: string): string {
	if (!specifier.startsWith(".")) return specifier;
	return posix.join(posix.dirname(importer), specifier).replace(/\.js$/, "");
}

/** What the module does that runs before the firmware, over fakes of the SDK's. */
async function setUp(file: string, ssid: string): Promise<readonly string[]> {
	const fakes: Readonly<Record<string, string>> = {
		"embedded:network/interface/wifi":
			'export default class { constructor() { told.push("driver"); } close() { told.push("closed"); } }',
		"mc/config": `export default { ssid: ${JSON.stringify(ssid)} }`,
		timer: 'export default { set(action, wait) { told.push("after " + wait + " ms"); action(); } }',
	};
	const plugin: Plugin = {
		name: "fakes",
		setup(build) {
			build.onResolve({ filter: /^[^/.]/ }, ({ path }) => ({ path, namespace: "fake" }));
			build.onLoad({ filter: /./, namespace: "fake" }, ({ path }) => ({ contents: fakes[path] ?? "" }));
		},
	};
	const contents = `import run from ${JSON.stringify(`./${basename(file)}`)}; run(() => told.push("done"));`;
	const stdin = { contents, resolveDir: dirname(file) };
	const { outputFiles } = await build({ bundle: true, format: "iife", plugins: [plugin], stdin, write: false });
	const told: string[] = [];
	runInNewContext(outputFiles[0]?.text ?? "", { told });
	return [...told];
}

describe("the manifests for the Moddable SDK", () => {
	const firmware = readManifest(FIRMWARE);
	const platforms = Object.keys(firmware.platforms ?? {});

	test.each(platforms)("name every module that the firmware needs, on the platform %j", (platform) => {
		const own = modulesOf(FIRMWARE, firmware.platforms?.[platform]);
		const modules = new Map([...modulesOf(LIBRARY), ...modulesOf(FIRMWARE), ...own]);
		const reached = new Set<string>();
		reach(firmware.creation?.main ?? "main", modules, reached);
		expect(reached).toContain("motehub/src/client/index");
		expect(reached.size).toBeGreaterThan(15);
	});

	test("start the firmware of an ESP32 without waiting for the Wi-Fi, which the SDK asks to be let into once", async () => {
		const modules = firmware.platforms?.esp32?.modules ?? {};
		expect(modules["~"]).toBe("../../../dist/moddable/library/hosts/device/wifi/setup-network");
		const file = modulesOf(FIRMWARE, firmware.platforms?.esp32).get("setup/network") ?? "";
		expect(await setUp(file, "home")).toEqual(["driver", "after 100 ms", "closed", "done"]);
		expect(await setUp(file, "")).toEqual(["done"]);
	});

	test("join the Wi-Fi of an application on an ESP32 in the place of the SDK", () => {
		const file = join(PROJECT, "hosts/device/wifi/manifest.json");
		const { modules = {} } = readManifest(file).platforms?.esp32 ?? {};
		expect(modules["~"]).toBe("$(BUILD)/devices/esp32/setup/network");
		const all = new Map([...modulesOf(file), ...modulesOf(file, { modules })]);
		const reached = new Set<string>();
		reach("setup/network", all, reached);
		expect(reached).toContain("motehub/hosts/device/wifi/index");
	});

	test.each(PARTS)("give an application that includes %s alone all that it needs", (part) => {
		const modules = modulesOf(join(PROJECT, part, "manifest.json"));
		const reached = new Set<string>();
		for (const name of modules.keys()) reach(name, modules, reached);
		expect(reached).toContain(`motehub/${part}/index`);
	});

	test.each([
		["src/client", ["client", "codec", "src/client/index", "src/codec/index"]],
		["src/websocket", ["codec", "src/codec/index", "src/websocket/index", "websocket"]],
		["hosts/device/storage", ["device/storage", "hosts/device/storage/index"]],
	])("give an application that includes %s alone nothing else", (part, names) => {
		const modules = modulesOf(join(PROJECT, part, "manifest.json"));
		expect([...modules.keys()].sort()).toEqual(names.map((name) => `motehub/${name}`));
	});

	test("include every part of the library in the one for all of it", () => {
		const all = modulesOf(LIBRARY);
		for (const part of PARTS) {
			for (const name of modulesOf(join(PROJECT, part, "manifest.json")).keys()) expect(all.has(name)).toBe(true);
		}
		expect(PARTS.length).toBeGreaterThan(7);
	});

	test("name every module that package.json exports for Moddable, and what it is", () => {
		const { exports } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as PackageFile;
		const modules = new Map([...modulesOf(LIBRARY), ...modulesOf(TLS)]);
		const exported = Object.entries(exports).filter(([, { moddable }]) => moddable !== undefined);
		expect(exported.length).toBeGreaterThan(5);
		for (const [subpath, { moddable = "", types = "" }] of exported) {
			const file = modules.get(posix.join("motehub", subpath)) ?? "";
			expect(file).toBe(join(PROJECT, moddable));
			// What mcpack includes for it: the manifest of the nearest package.
			expect(modulesOf(join(dirname(file), "manifest.json")).get(posix.join("motehub", subpath))).toBe(file);
			expect(readFileSync(join(dirname(file), "package.json"), "utf8")).toContain(posix.join("motehub", subpath));
			const [, module = ""] = /^export \* from "moddable:(.+)";$/m.exec(readFileSync(file, "utf8")) ?? [];
			expect(`dist/${module.replace(/^motehub\//, "")}.d.ts`).toBe(posix.normalize(types));
			expect(modules.has(module)).toBe(true);
		}
	});
});
