import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { SOURCES } from "./modules.ts";
import { projectFolder } from "./project-folder.ts";

/** From the project's folder; manifests and the exports of package.json name what is in it. */
const OUTPUT = "dist/moddable";

/** The modules that applications for Moddable import, as `motehub/NAME`, and which of ours each one is. */
export const PUBLIC_MODULES: Readonly<Record<string, string>> = {
	client: "src/client/index",
	codec: "src/codec/index",
	homeassistant: "src/homeassistant/index",
	websocket: "src/websocket/index",
	device: "hosts/device/index",
	"device/network": "hosts/device/network/index",
	"device/storage": "hosts/device/storage/index",
	"device/update": "hosts/device/update/index",
	"device/wifi": "hosts/device/wifi/index",
	"device/tls": "hosts/device/tls/index",
};

/**
 * Gives the library's modules their public names. A module cannot just be listed in the manifest under a second name: XS
 * resolves what it imports from the name that it has. With `moddable:`, mcpack leaves the rest to the manifest, too: that
 * of the package which the module is in, so each is in one of its own.
 */
export function writePublicModules(): void {
	for (const [name, module] of Object.entries(PUBLIC_MODULES)) {
		const folder = join(projectFolder(), OUTPUT, name);
		const up = relative(folder, projectFolder());
		mkdirSync(folder, { recursive: true });
		const write = (file: string, text: string): void => writeFileSync(join(folder, file), `${text}\n`);
		write("index.js", `export * from "moddable:motehub/${module}";`);
		write("index.d.ts", `export * from "${up}/dist/${SOURCES[module]}";`);
		write("manifest.json", JSON.stringify({ include: `${up}/${dirname(module)}/manifest.json` }));
		write("package.json", JSON.stringify({ name: `motehub/${name}`, type: "module" }));
	}
}
