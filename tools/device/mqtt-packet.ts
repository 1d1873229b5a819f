import { join } from "node:path";
import { build } from "esbuild";
import { XS_BUILD } from "../xs/bundle.ts";
import { projectFolder } from "./project-folder.ts";

/** From the project's folder; the top-level manifest.json names it. */
const OUTPUT = "dist/device/mqtt-packet.js";

/** Makes `mqtt-packet` and its stand-ins one module that the Moddable SDK can preload. */
export async function bundleMqttPacket(): Promise<void> {
	const folder = projectFolder();
	await build({
		...XS_BUILD,
		banner: {},
		format: "esm",
		outfile: join(folder, OUTPUT),
		stdin: { contents: 'export { default } from "mqtt-packet/writeToStream.js";', resolveDir: folder },
	});
}
