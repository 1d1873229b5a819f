import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from "esbuild";
import { XS_BUILD } from "../xs/bundle.ts";
import { plainFields } from "../xs/plain-fields-plugin.ts";
import { withBooleans } from "./booleans.ts";
import { checkConstants, withConstants } from "./constants.ts";
import { withUsedImports } from "./imports.ts";
import { MODULE_SETS, type ModuleSet } from "./modules.ts";
import { mqttPacketOnDevice } from "./mqtt-packet-plugin.ts";
import { PARTS, type Parts } from "./parts.ts";
import { projectFolder } from "./project-folder.ts";
import { withReasonCodes } from "./reason-codes.ts";
import { inOneScope } from "./scope.ts";

const ELSEWHERE = "elsewhere";
const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*\n$/;

/** A module that a later set imports what it has from. */
interface BuiltModule {
	readonly name: string;
	readonly exports: readonly string[];
}

/**
 * Makes what a device gets: module sets without what nobody uses. Bundled, because XS pays in flash for every import and
 * export of a name; names stay as they are, because they cost nothing there, and traces and xsbug show them.
 */
export async function bundleForDevice(): Promise<void> {
	const folder = projectFolder();
	const parts: Parts = {};
	const elsewhere = new Map<string, BuiltModule>();
	for (const set of MODULE_SETS) rmSync(join(folder, set.folder), { recursive: true, force: true });
	for (const set of MODULE_SETS) {
		const options = { ...optionsFor(set, elsewhere), absWorkingDir: folder, metafile: true, write: false } as const;
		const { metafile, outputFiles } = await build(options);
		for (const { path, text } of withoutEmptyMaps(outputFiles))
			write(path, path.endsWith(".js") ? await forXs(text) : withRealSources(path, text));
		Object.assign(parts, partsOf(metafile, set.folder));
		for (const name of Object.keys(set.modules)) {
			const { exports = [] } = metafile.outputs[`${set.folder}/${name}.js`] ?? {};
			elsewhere.set(join(folder, `${name}.ts`), { name: `motehub/${name}`, exports });
		}
	}
	write(join(folder, PARTS), `${JSON.stringify(parts, null, "\t")}\n`);
}

/** The SDK's compiler looks for each source that a map names: for a module of another set, its own. */
function withRealSources(path: string, text: string): string {
	const map = JSON.parse(text) as { readonly sources: readonly string[] };
	const up = relative(dirname(path), projectFolder());
	const sources = map.sources.map((source) => {
		const [, module] = source.split(`${ELSEWHERE}:motehub/`);
		return module === undefined ? source : `${up}/${module}.ts`;
	});
	return JSON.stringify({ ...map, sources });
}

async function forXs(code: string): Promise<string> {
	const constant = withConstants(withUsedImports(withReasonCodes(code)));
	await checkConstants(constant);
	return inOneScope(await withBooleans(constant));
}

function write(file: string, text: string): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

/** What all that a device gets is bundled with. `elsewhere`: sources that are in other modules, and those. */
export function deviceBuild(elsewhere: ReadonlyMap<string, BuiltModule> = new Map()): BuildOptions {
	return {
		...XS_BUILD,
		banner: {},
		format: "esm",
		minifySyntax: true,
		// So that what nobody reads is not made.
		pure: ["Uint8Array.of"],
		plugins: [mqttPacketOnDevice, plainFields, resolveOurs(elsewhere)],
	};
}

function optionsFor(
	{ modules, folder, chunkNames }: ModuleSet,
	elsewhere: ReadonlyMap<string, BuiltModule>,
): BuildOptions {
	return {
		...deviceBuild(elsewhere),
		...(chunkNames !== undefined && { chunkNames }),
		entryPoints: { ...modules },
		outdir: folder,
		sourcemap: "linked",
		sourcesContent: false,
		splitting: true,
	};
}

/** What is in another set is imported from there, by name; so is what the SDK has. Of ours, what is not used is left out. */
function resolveOurs(elsewhere: ReadonlyMap<string, BuiltModule>): Plugin {
	return {
		name: "ours",
		setup(build) {
			build.onResolve({ filter: /./, namespace: "file" }, ({ path, kind, resolveDir }) => {
				if (kind === "entry-point") return undefined;
				if (!path.startsWith(".")) return { path, external: true };
				const file = join(resolveDir, path);
				const built = elsewhere.get(file);
				if (built === undefined) return { path: file, sideEffects: false };
				return { path: built.name, namespace: ELSEWHERE, pluginData: built, sideEffects: false };
			});
			// A module of the bundle stands between: esbuild would import each name again in each file that uses it.
			build.onLoad({ filter: /./, namespace: ELSEWHERE }, ({ pluginData }) => {
				const { name, exports } = pluginData as BuiltModule;
				return { contents: `export { ${exports.join(", ")} } from "${name}";` };
			});
			build.onResolve({ filter: /./, namespace: ELSEWHERE }, ({ path }) => ({ path, external: true }));
		},
	};
}

/** The SDK's compiler ends by a signal on a source map of a module that only exports what others have. */
function withoutEmptyMaps(files: readonly OutputFile[]): { readonly path: string; readonly text: string }[] {
	const isEmpty = ({ text }: OutputFile): boolean => (JSON.parse(text) as { mappings: string }).mappings === "";
	const empty = files.filter((file) => file.path.endsWith(".map") && isEmpty(file)).map(({ path }) => path);
	return files
		.filter(({ path }) => !empty.includes(path))
		.map(({ path, text }) => ({ path, text: empty.includes(`${path}.map`) ? text.replace(SOURCE_MAP, "") : text }));
}

/** How many bytes each source has in each module, by the module's name. */
function partsOf({ outputs }: Metafile, folder: string): Parts {
	const modules = Object.entries(outputs).filter(([path]) => path.endsWith(".js"));
	return Object.fromEntries(
		modules.map(([path, { inputs }]) => [
			path.slice(folder.length + 1, -".js".length),
			Object.fromEntries(
				Object.entries(inputs)
					.filter(([source]) => !source.startsWith(`${ELSEWHERE}:`))
					.map(([source, { bytesInOutput }]) => [source, bytesInOutput]),
			),
		]),
	);
}
