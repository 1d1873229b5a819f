import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, type BuildResult, build } from "esbuild";
import { mqttPacketOnXs } from "./mqtt-packet-plugin.ts";
import { plainFields } from "./plain-fields-plugin.ts";

/** How esbuild makes code for XS: one script in strict mode, no newer than ES2023, no platform behind it. */
export const XS_BUILD: BuildOptions = {
	bundle: true,
	charset: "utf8",
	banner: { js: '"use strict";' },
	format: "iife",
	legalComments: "none",
	logLevel: "silent",
	mainFields: ["module", "main"],
	platform: "neutral",
	plugins: [mqttPacketOnXs, plainFields],
	target: "es2023",
};

export interface DeviceBundleOptions {
	/** Where the script goes. A source map is written beside it. */
	readonly outfile: string;
	/** Stand-ins for modules of the Moddable SDK: specifier (`embedded:io/socket/tcp`) to path. */
	readonly alias?: Readonly<Record<string, string>>;
	/** Default false: errors on XS name lines, and minified code has few. */
	readonly minify?: boolean;
}

/** Bundles what runs on the device, or on the simulated one, into one script for XS. Rejects with esbuild's errors. */
export function deviceBundle(entry: string, options: DeviceBundleOptions): Promise<BuildResult<{ metafile: true }>> {
	const { outfile, alias = {}, minify = false } = options;
	return build({
		...XS_BUILD,
		alias: { ...alias },
		entryPoints: [entry],
		metafile: true,
		minify,
		outfile,
		sourcemap: "linked",
		sourcesContent: false,
	});
}

/** A bundle as text, to be evaluated by XS at once. */
export async function scriptForXs(entry: string): Promise<string> {
	const { outputFiles } = await build({ ...XS_BUILD, entryPoints: [entry], write: false });
	return outputFiles[0]?.text ?? "";
}

/** `mqtt-packet` and its stand-ins as one module, for firmware that is built by the Moddable SDK. */
export function mqttPacketModule(outfile: string): Promise<BuildResult<{ metafile: true }>> {
	return build({
		...XS_BUILD,
		banner: {},
		format: "esm",
		metafile: true,
		outfile,
		stdin: {
			contents: 'export { generate, parser, writeToStream } from "mqtt-packet";',
			resolveDir: dirname(fileURLToPath(import.meta.url)),
		},
	});
}
