import { readFile } from "node:fs/promises";
import { basename } from "node:path";
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

const NO_NUMBER_CACHE = "module.exports.cacheNumbers = false;";

/** A preloaded object that is not frozen costs RAM, in case it changes. Buffers cannot be frozen, and cost none. */
const FROZEN_CONSTANTS = `;(function freeze(value) {
	for (const each of Object.values(value)) {
		if (Array.isArray(each) || Object.getPrototypeOf(each) === Object.prototype) freeze(each);
	}
	Object.freeze(value);
})(module.exports);`;

/** What is added to the end of a file of mqtt-packet. */
const ADDITIONS: Readonly<Record<string, string>> = {
	"writeToStream.js": NO_NUMBER_CACHE,
	"constants.js": FROZEN_CONSTANTS,
};

/** Without extension: esbuild finds the source beside this source, and the compiled file beside the compiled one. */
function standIn(name: string): string {
	return fileURLToPath(new URL(`./stand-ins/${name}`, import.meta.url));
}

/**
 * Makes `mqtt-packet` run on XS: its dependencies become small stand-ins, and its number cache (65,536 buffers, filled
 * when the first packet is generated) is switched off. Nobody else gets the stand-ins. The Moddable linker can preload what
 * comes of it.
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
		build.onLoad({ filter: /\/node_modules\/mqtt-packet\/(writeToStream|constants)\.js$/ }, async ({ path }) => ({
			contents: `${await readFile(path, "utf8")}\n${ADDITIONS[basename(path)]}\n`,
		}));
	},
};
