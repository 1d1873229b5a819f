import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { OnResolveResult, Plugin } from "esbuild";
import { projectFolder } from "./project-folder.ts";

const WRITER = "mqtt-packet/writeToStream.js";
const NAMESPACE = "mqtt-packet";

/** What stands in for Node's modules, for dependencies and for its own constants, from the project's folder. */
const STAND_INS: Readonly<Record<string, string>> = {
	"./constants": "tools/device/stand-ins/constants.ts",
	buffer: "tools/device/stand-ins/buffer.ts",
	debug: "tools/xs/stand-ins/debug.ts",
	"process-nextick-args": "tools/xs/stand-ins/process-nextick-args.ts",
};

/** In the place of the function that knows all packets: those that a device writes, and numbers without a cache of 65,536. */
const OWN_ENTRANCE = `
writeNumber = writeNumberGenerated;
export default function writeToStream(packet, sink, settings) {
	switch (packet.cmd) {
		case "connect":
			return connect(packet, sink, settings);
		case "subscribe":
			return subscribe(packet, sink, settings);
		case "unsubscribe":
			return unsubscribe(packet, sink, settings);
	}
	throw new Error("A device does not write this packet.");
}
`;

/** What that takes from the writer. A name that is not there any more would be found missing on the device. */
const TAKEN = [
	...["connect", "subscribe", "unsubscribe", "writeNumberGenerated"].map((name) => `function ${name} (`),
	"let writeNumber = ",
];

/** CommonJS as the writer has it, said as ECMAScript modules: esbuild leaves out unused functions of those only. */
const CONVERSIONS: readonly (readonly [RegExp, string | ((match: string, names: string) => string)])[] = [
	[/^const (\{ \w+ \}) = require\('([^']+)'\)$/gm, 'import $1 from "$2"'],
	[/^const (\w+) = require\('(\w[^']*)'\)\.(\w+)$/gm, 'import { $3 as $1 } from "$2"'],
	[/^const (\w+) = require\('debug'\)\('[^']*'\)$/gm, 'import { silent as $1 } from "debug"'],
	[/^const (\w+) = require\('([^']+)'\)$/gm, 'import * as $1 from "$2"'],
	[/^module\.exports = generate$/gm, OWN_ENTRANCE],
	[/^module\.exports = \{([^}]+)\}$/gm, (_, names) => `export {${names.replace(/(\w+): (\w+)/g, "$2 as $1")}}`],
];

/**
 * Takes of mqtt-packet's writer what a device needs: no other packets, no constants for them, and no calls of `debug`. The
 * functions themselves are as the library has them.
 */
export const mqttPacketOnDevice: Plugin = {
	name: "mqtt-packet-on-device",
	setup(build) {
		// Paths within the package: what is made does not depend on where it is installed.
		const folder = dirname(createRequire(import.meta.url).resolve(WRITER));
		build.onResolve({ filter: /^mqtt-packet\/writeToStream\.js$/ }, () => inPackage("writeToStream"));
		build.onResolve({ filter: /./, namespace: NAMESPACE }, ({ path }) => {
			const standIn = STAND_INS[path];
			if (standIn === undefined) return inPackage(basename(path));
			return { path: join(projectFolder(), standIn), sideEffects: false };
		});
		build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => ({
			contents: asModule(await readFile(join(folder, path), "utf8"), path),
		}));
	},
};

function inPackage(name: string): OnResolveResult {
	return { path: `${name}.js`, namespace: NAMESPACE, sideEffects: false };
}

/** Throws if another version of mqtt-packet is written in another way. */
export function asModule(code: string, path: string): string {
	const module = CONVERSIONS.reduce((text, [pattern, by]) => text.replace(pattern, by as string), code);
	const isConverted = !/\brequire\(|\bmodule\.exports\b/.test(module);
	const isWhole = !module.includes(OWN_ENTRANCE) || TAKEN.every((start) => code.includes(`\n${start}`));
	if (!isConverted || !isWhole) throw new Error(`mqtt-packet/${path} is not written as it was.`);
	return module;
}
