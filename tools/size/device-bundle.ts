import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { deviceBuild } from "../device/bundle.ts";
import { partOf } from "../device/parts.ts";
import { projectFolder } from "../device/project-folder.ts";

/** The firmware as its manifest puts it together for an ESP32: the program, the board and the sensor. */
const FIRMWARE = `
	export { default } from "./main.ts";
	export { default as board } from "./boards/esp32.ts";
	export { default as sensor } from "./sensors/aht10.ts";
`;
export interface DeviceBundle {
	/** One minified module. */
	readonly code: string;
	/** How much of it each part of the project takes, in bytes, largest first. */
	readonly parts: ReadonlyMap<string, number>;
}

/** Bundles all of ours that goes onto a device. */
export async function bundleDevice(): Promise<DeviceBundle> {
	const folder = projectFolder();
	const { metafile, outputFiles } = await build({
		...deviceBuild(),
		absWorkingDir: folder,
		metafile: true,
		minify: true,
		stdin: { contents: FIRMWARE, loader: "ts", resolveDir: join(folder, "hosts/device/firmware") },
		write: false,
	});
	return { code: outputFiles[0]?.text ?? "", parts: partsOf(metafile) };
}

function partsOf({ outputs }: Metafile): ReadonlyMap<string, number> {
	const sums = new Map<string, number>();
	for (const { inputs } of Object.values(outputs)) {
		for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
			const part = path === "<stdin>" ? "firmware" : partOf(path);
			sums.set(part, (sums.get(part) ?? 0) + bytesInOutput);
		}
	}
	return new Map([...sums].sort(([, a], [, b]) => b - a));
}
