import { transform } from "esbuild";

/** A Jest transformer that takes the types away. Types are checked by `tsc -b`, not here. */
export default {
	async processAsync(source: string, path: string): Promise<{ code: string; map: object }> {
		const { code, map } = await transform(source, {
			format: "esm",
			loader: path.endsWith(".json") ? "json" : "ts",
			sourcefile: path,
			sourcemap: true,
			sourcesContent: false,
			target: "node20",
		});
		// As an object: Jest looks for a source map of its own in `code` when it is given a string.
		return { code, map: JSON.parse(map) as object };
	},
};
