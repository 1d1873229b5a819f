import { join } from "node:path";
import { BOOT, MODULES } from "../../hosts/simulator/modules.ts";
import { deviceBundle } from "../xs/bundle.ts";
import { projectFolder } from "./project-folder.ts";

/** From the project's folder; `hosts/simulator` looks for it there. */
const OUTPUT = "dist/device/simulated-firmware.js";

/** Bundles firmware and stand-ins for the simulator. `modules` replaces some, or the firmware (`main`) itself: absolute paths. */
export async function bundleSimulatedFirmware(
	outfile = join(projectFolder(), OUTPUT),
	modules: Readonly<Record<string, string>> = {},
): Promise<string> {
	const folder = projectFolder();
	const usual = Object.entries(MODULES).map(([name, path]): [string, string] => [name, join(folder, path)]);
	await deviceBundle(join(folder, BOOT), { outfile, alias: { ...Object.fromEntries(usual), ...modules } });
	return outfile;
}
