import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { XS_BUILD } from "../xs/bundle.ts";
import { propertySeed } from "./property-seed.ts";

/** What a test file's bundle is called in XS's stack traces. */
export const TEST_BUNDLE = "test-bundle.js";

export interface Script {
	readonly code: string;
	/** The source map, as JSON. */
	readonly map: string;
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
	const options: BuildOptions = {
		banner: {},
		define: { PROPERTY_SEED: String(propertySeed() ?? null) },
		inject: [inEngine("prelude")],
		mainFields: ["browser", "module", "main"],
		minify: true,
		platform: "browser",
		plugins: [jestStandIns],
	};
	harness ??= bundle([inEngine("harness")], options).then(([script]) => script?.code ?? "");
	return harness;
}

/** The scripts of test files, each with all that it imports from `src`. */
export class TestScripts {
	readonly #together: Promise<ReadonlyMap<string, Script>>;

	/** Bundles them together: that reads each source once. */
	constructor(paths: readonly string[]) {
		// A file that cannot be bundled fails the others with it: then it is each by itself.
		this.#together = bundleTests(paths).catch(() => new Map());
	}

	/** The script of one of them. Rejects with esbuild's errors. */
	async of(path: string): Promise<Script> {
		const script = (await this.#together).get(path) ?? (await bundleTests([path])).get(path);
		if (!script) throw new Error(`esbuild has made nothing of ${path}`);
		return script;
	}
}

async function bundleTests(paths: readonly string[]): Promise<ReadonlyMap<string, Script>> {
	const plugins = [fromHarness, ...(XS_BUILD.plugins ?? [])];
	const scripts = await bundle(paths, { plugins, sourcesContent: false });
	return new Map(scripts.map(({ path, code, map }) => [path, { code: inHarness(code), map }]));
}

/** On the first line, so that the source map's line numbers hold. */
function inHarness(code: string): string {
	return `loadTests(() => { ${code}\n});\n//# sourceURL=${TEST_BUNDLE}`;
}

async function bundle(
	paths: readonly string[],
	options: BuildOptions,
): Promise<readonly (Script & { readonly path: string })[]> {
	const entryPoints = Object.fromEntries(paths.map((path, at) => [at, path]));
	const output = { outdir: "/", sourcemap: "external", write: false } as const;
	const { outputFiles } = await build({ ...XS_BUILD, ...options, ...output, entryPoints });
	const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
	return paths.map((path, at) => ({
		path,
		code: texts.get(`/${at}.js`) ?? "",
		map: texts.get(`/${at}.js.map`) ?? "",
	}));
}
