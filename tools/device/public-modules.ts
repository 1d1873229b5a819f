import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SOURCES } from "./modules.ts";
import { projectFolder } from "./project-folder.ts";

/** From the project's folder; manifest.json and the exports of package.json name what is in it. */
const OUTPUT = "dist/moddable";

/** The modules that applications for Moddable import, as `motehub/NAME`, and which of ours each one is. */
export const PUBLIC_MODULES: Readonly<Record<string, string>> = {
	client: "src/client/index",
	codec: "src/codec/index",
	homeassistant: "src/homeassistant/index",
	websocket: "src/websocket/index",
	device: "hosts/device/index",
	"device/network": "hosts/device/network",
	"device/tls": "hosts/device/tls/index",
};

/**
 * Gives the library's modules their public names. A module cannot just be listed in the manifest under a second name: XS
 * resolves what it imports from the name that it has. With `moddable:`, mcpack leaves the rest to the manifest, too.
 */
export function writePublicModules(): void {
	for (const [name, module] of Object.entries(PUBLIC_MODULES)) {
		const file = join(projectFolder(), OUTPUT, name);
		const up = "../".repeat(name.split("/").length);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(`${file}.js`, `export * from "moddable:motehub/${module}";\n`);
		writeFileSync(`${file}.d.ts`, `export * from "${up}${SOURCES[module]}";\n`);
	}
}
