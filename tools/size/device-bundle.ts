import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { XS_BUILD } from "../xs/bundle.ts";

/** The firmware as its manifest puts it together for an ESP32: the program, the board and the sensor. */
const FIRMWARE = `
	export { default } from "./main.ts";
	export { default as board } from "./boards/esp32.ts";
	export { default as sensor } from "./sensors/aht10.ts";
`;
/** What the Moddable SDK brings along, and what the manifest chooses. */
const NOT_OURS = ["crypt", "embedded:*", "pins/*", "mc/*", "board", "net", "sensor", "time", "timer"];

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
		...XS_BUILD,
		absWorkingDir: folder,
		external: NOT_OURS,
		format: "esm",
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
			const part = partOf(path);
			sums.set(part, (sums.get(part) ?? 0) + bytesInOutput);
		}
	}
	return new Map([...sums].sort(([, a], [, b]) => b - a));
}

function partOf(path: string): string {
	const [, room] = /^src\/([\w-]+)\//.exec(path) ?? [];
	if (room !== undefined) return room;
	if (path === "<stdin>" || path.startsWith("hosts/device/firmware/")) return "firmware";
	return path.startsWith("hosts/device/") ? "device host" : "mqtt-packet";
}

/** This file lies in tools/size, or in dist/tools/size. */
function projectFolder(): string {
	const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
	return folder.endsWith("/dist") ? dirname(folder) : folder;
}
