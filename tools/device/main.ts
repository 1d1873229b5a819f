import { bundleForDevice } from "./bundle.ts";
import { writePublicModules } from "./public-modules.ts";
import { bundleSimulatedFirmware } from "./simulated-firmware.ts";

/** What `npm run build` makes besides what the compiler does. */
try {
	await bundleForDevice();
	writePublicModules();
	await bundleSimulatedFirmware();
} catch (error) {
	process.stderr.write(`The firmware cannot be bundled. ${(error as Error).message}\n`);
	process.exitCode = 1;
}
