import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PARTS, type Parts, partOf } from "../device/parts.ts";
import { projectFolder } from "../device/project-folder.ts";
import { bytecodeOf } from "./bytecode.ts";

/** Modules beside the firmware's own, which the manifest names after what they are for. */
const OF_THE_FIRMWARE: readonly string[] = ["board", "blinker", "sensor"];
/** Runs while the preloaded heap is made, and leaves nothing in it. */
const FOR_THE_BUILD = "motehub/hosts/device/firmware/check-settings";

/**
 * Bytes of bytecode by part of the project, the largest first, of the compiled modules below `folder`. That of a module with
 * several sources is divided as its JavaScript is: names and comments are not counted there, so the error is small.
 */
export function bytecodeByPart(folder: string, files: readonly string[]): ReadonlyMap<string, number> {
	const parts = JSON.parse(readFileSync(join(projectFolder(), PARTS), "utf8")) as Parts;
	const sums = new Map<string, number>();
	for (const file of files) {
		if (!file.endsWith(".xsb")) continue;
		const bytecode = bytecodeOf(readFileSync(file));
		for (const [part, share] of sharesOf(relative(folder, file).slice(0, -".xsb".length), parts)) {
			sums.set(part, (sums.get(part) ?? 0) + bytecode * share);
		}
	}
	const rounded = [...sums].map(([part, bytes]): [string, number] => [part, Math.round(bytes)]);
	return new Map(rounded.sort(([, a], [, b]) => b - a));
}

/** Parts of a module, and how much of it each one has, 1 in all. */
function sharesOf(module: string, parts: Parts): readonly (readonly [string, number])[] {
	if (module === FOR_THE_BUILD) return [];
	if (OF_THE_FIRMWARE.includes(module)) return [["firmware", 1]];
	const [, name] = /^motehub\/(.+)$/.exec(module) ?? [];
	if (name === undefined || name.startsWith("sdk/")) return [["the SDK's modules", 1]];
	const sources = Object.entries(parts[name] ?? {});
	const all = sources.reduce((sum, [, bytes]) => sum + bytes, 0);
	// It only passes on what other modules have.
	if (all === 0) return [[parts[name] === undefined ? "public names" : partOf(`${name}.ts`), 1]];
	return sources.map(([source, bytes]) => [partOf(source), bytes / all]);
}
