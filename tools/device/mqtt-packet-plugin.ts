import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { OnResolveResult, Plugin } from "esbuild";
import { asModule } from "./mqtt-packet-module.ts";
import { projectFolder } from "./project-folder.ts";

const WRITER = "mqtt-packet/writeToStream.js";
const NAMESPACE = "mqtt-packet";

/** What stands in for Node's modules, for dependencies and for its own small ones, from the project's folder. */
const STAND_INS: Readonly<Record<string, string>> = {
	"./constants": "tools/device/stand-ins/constants.ts",
	"./numbers": "tools/device/stand-ins/numbers.ts",
	buffer: "tools/device/stand-ins/buffer.ts",
	debug: "tools/xs/stand-ins/debug.ts",
	"process-nextick-args": "tools/xs/stand-ins/process-nextick-args.ts",
};

/**
 * Takes of mqtt-packet's writer what a device needs: no other packets, no constants for them, no calls of `debug`, and
 * nothing that our codec does itself.
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
