import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { XS_BUILD } from "../xs/bundle.ts";
import { propertySeed } from "./property-seed.ts";

/** What a test file's bundle is called in XS's stack traces. */
export const TEST_BUNDLE = "test-bundle.js";

export interface Script {
	readonly code: string;
	/** The source map, parsed from JSON. */
	readonly map: unknown;
}

/** Without extension: esbuild finds the source beside this source, and the compiled file beside the compiled one. */
function inEngine(name: string): string {
	return fileURLToPath(new URL(`./xs/${name}`, import.meta.url));
}

/** Packages of Jest that are made for Node, and what stands in for them; an empty module where XS never comes by. */
const STAND_INS: Readonly<Record<string, string>> = {
	"graceful-fs": "empty",
	"jest-message-util": "jest-message-util",
	"jest-mock": "empty",
	"jest-util": "jest-util",
	fs: "empty",
	"node:util": "node-util",
	path: "empty",
};

const jestStandIns: Plugin = {
	name: "jest-stand-ins",
	setup(context) {
		const names = Object.keys(STAND_INS).join("|");
		context.onResolve({ filter: new RegExp(`^(${names})$`) }, ({ path, resolveDir }) => {
			const file = inEngine(`stand-ins/${STAND_INS[path]}`);
			return context.resolve(file, { kind: "import-statement", resolveDir });
		});
	},
};

/** The test file imports these from the harness, so that they are bundled once for all files. */
const fromHarness: Plugin = {
	name: "from-harness",
	setup(context) {
		context.onResolve({ filter: /^(@jest\/globals|fast-check)$/ }, ({ path }) => ({ path, namespace: "harness" }));
		context.onLoad({ filter: /.*/, namespace: "harness" }, ({ path }) => ({
			contents: `module.exports = globalThis.testModules[${JSON.stringify(path)}];`,
		}));
	},
};

let harness: Promise<string> | undefined;

/** The script to evaluate first: Jest's `expect`, fast-check and what runs the tests. Made once per run of Jest. */
export function harnessScript(): Promise<string> {
	harness ??= bundle({
		...XS_BUILD,
		banner: {},
		define: { PROPERTY_SEED: String(propertySeed() ?? null) },
		entryPoints: [inEngine("harness")],
		inject: [inEngine("prelude")],
		mainFields: ["browser", "module", "main"],
		minify: true,
		platform: "browser",
		plugins: [jestStandIns],
	}).then(({ code }) => code);
	return harness;
}

/** A test file and all that it imports from `src`. Rejects with esbuild's errors. */
export async function testScript(path: string): Promise<Script> {
	const plugins = [fromHarness, ...(XS_BUILD.plugins ?? [])];
	const { code, map } = await bundle({ ...XS_BUILD, entryPoints: [path], plugins, sourcesContent: false });
	// On the first line, so that the source map's line numbers hold.
	return { code: `loadTests(() => { ${code}\n});\n//# sourceURL=${TEST_BUNDLE}`, map };
}

async function bundle(options: BuildOptions): Promise<Script> {
	const { outputFiles } = await build({ ...options, outdir: "/", sourcemap: "external", write: false });
	const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
	return { code: text(".js"), map: JSON.parse(text(".map")) };
}
