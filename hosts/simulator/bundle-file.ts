import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The script with the firmware and the stand-ins is not there. The message says how to make it. */
export class BundleMissing extends Error {
	override name = "BundleMissing";
}

/** Where the build puts the script, from the project's folder. */
const BUNDLE = "dist/device/simulated-firmware.js";

/** Reads what the build has made of the firmware for the simulator. Throws `BundleMissing`. */
export function readBundle(): string {
	const file = join(projectFolder(), BUNDLE);
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw new BundleMissing(`${BUNDLE} is missing: run npm run build`, { cause });
	}
}

/** This file lies in hosts/simulator, or in dist/hosts/simulator. */
function projectFolder(): string {
	const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
	return folder.endsWith("/dist") ? dirname(folder) : folder;
}
