import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** What `mqtt-packet` requires, and whether it expects the module to be the thing itself (`module.exports = …`). */
const STAND_INS: Readonly<Record<string, "itself" | "named">> = {
	buffer: "named",
	bl: "itself",
	events: "named",
	debug: "itself",
	"process-nextick-args": "named",
};

/** Without extension: esbuild finds the source beside this source, and the compiled file beside the compiled one. */
function standIn(name: string): string {
	return fileURLToPath(new URL(`./stand-ins/${name}`, import.meta.url));
}

/**
 * Makes `mqtt-packet` run on XS: its dependencies become small stand-ins, and its number cache (65,536 buffers, filled
 * when the first packet is generated) is switched off. Nobody else gets the stand-ins.
 */
export const mqttPacketOnXs: Plugin = {
	name: "mqtt-packet-on-xs",
	setup(build) {
		build.onResolve({ filter: /^(buffer|bl|events|debug|process-nextick-args)$/ }, ({ path, importer, resolveDir }) => {
			if (!importer.includes("/node_modules/mqtt-packet/")) return undefined;
			if (STAND_INS[path] === "itself") return { path, namespace: "stand-in", pluginData: resolveDir };
			return build.resolve(standIn(path), { kind: "import-statement", resolveDir });
		});
		build.onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path, pluginData }) => ({
			contents: `module.exports = require(${JSON.stringify(standIn(path))}).default;`,
			resolveDir: pluginData as string,
		}));
		build.onLoad({ filter: /\/node_modules\/mqtt-packet\/mqtt\.js$/ }, async ({ path }) => ({
			contents: `${await readFile(path, "utf8")}\nexports.writeToStream.cacheNumbers = false;\n`,
		}));
	},
};
