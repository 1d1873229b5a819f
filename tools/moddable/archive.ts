import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { bytecodeByPart } from "./bytecode-by-part.ts";
import { outputFolder } from "./output.ts";
import type { ModdableSdk } from "./sdk.ts";

/** What an ESP32's flash gets of the firmware and of the SDK's modules, apart from native code. Bytes. */
export interface Archive {
	/** Bytecode by part, the largest first. */
	readonly bytecode: ReadonlyMap<string, number>;
	/** The preloaded objects, those of the engine itself included. */
	readonly heap: number;
	/** Preloaded objects and variables that may change, each of which has a word of RAM. Those of the engine included. */
	readonly aliases: number;
	/** Certificates. */
	readonly resources: number;
}

/** What an MQTT client is made of, without anything around it. */
const LIBRARY: readonly string[] = ["client", "codec", "mqtt-packet", "session", "topic"];
/** A slot of XS on a CPU of 32 bits. */
const SLOT_BYTES = 16;
const WORD_BYTES = 4;
/** The version of ESP-IDF that the SDK's makefile wants to see. */
const IDF_VERSION = "v6.0";

/**
 * Runs the build for an ESP32 up to the files that the Xtensa compiler would get: linked bytecode with the preloaded heap,
 * and resources. Neither ESP-IDF nor its compiler is needed. Throws ToolFailed, SdkMissing.
 */
export async function archive(sdk: ModdableSdk, folder: string): Promise<Archive> {
	const output = outputFolder();
	const made = join(output, "tmp/esp32/release", basename(folder));
	// What another build has left there would be counted.
	rmSync(made, { recursive: true, force: true });
	const idf = await standInForIdf(sdk, output);
	await sdk.mcconfig(["-p", "esp32", "-o", output], folder, { IDF_PATH: idf });
	const header = join(made, "xsProj-esp32/build/config/sdkconfig.h");
	const targets = ["mc.xs.c", "mc.resources.c"].map((name) => join(made, name));
	await sdk.run("make", ["-f", join(made, "makefile"), "-o", header, ...targets], folder, { IDF_PATH: idf });
	const linked = readFileSync(join(made, "mc.xs.c"), "utf8");
	return {
		bytecode: bytecodeByPart(join(made, "modules"), filesBelow(join(made, "modules"))),
		heap: SLOT_BYTES * countOf("Heap", linked),
		aliases: countOf("Alias", linked),
		resources: sizeOf(join(made, "resources")),
	};
}

/** The report as text for a terminal. */
export function describeArchive({ bytecode, heap, aliases, resources }: Archive): string {
	const parts = [...bytecode].map(([part, bytes]) => row(`bytecode, ${part}`, bytes));
	const total = [...bytecode.values()].reduce((sum, bytes) => sum + bytes, 0);
	return [
		"Flash on an ESP32, without native code",
		...parts,
		row("bytecode in all", total),
		row(
			"of that, the MQTT client",
			LIBRARY.reduce((sum, part) => sum + (bytecode.get(part) ?? 0), 0),
		),
		row("preloaded heap, the engine's included", heap),
		row("resources", resources),
		"",
		"RAM of what is preloaded, the engine's included",
		row("words for what may change", aliases * WORD_BYTES),
		"",
	].join("\n");
}

/** The makefile only asks a git repository for its tag. */
async function standInForIdf(sdk: ModdableSdk, output: string): Promise<string> {
	const folder = join(output, "idf");
	if (existsSync(join(folder, ".git"))) return folder;
	mkdirSync(folder, { recursive: true });
	const identity = ["-c", "user.name=motehub", "-c", "user.email=motehub@localhost"];
	await sdk.run("git", ["init", "--quiet"], folder);
	await sdk.run("git", [...identity, "commit", "--quiet", "--allow-empty", "-m", "Stand in for ESP-IDF"], folder);
	await sdk.run("git", [...identity, "tag", "-a", IDF_VERSION, "-m", IDF_VERSION], folder);
	return folder;
}

function countOf(what: "Alias" | "Heap", linked: string): number {
	return Number(new RegExp(`^#define mx${what}Count (\\d+)$`, "m").exec(linked)?.[1] ?? 0);
}

function sizeOf(folder: string): number {
	return filesBelow(folder).reduce((sum, path) => sum + statSync(path).size, 0);
}

function filesBelow(folder: string): string[] {
	if (!existsSync(folder)) return [];
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function row(label: string, bytes: number): string {
	return `  ${label.padEnd(40)} ${bytes.toLocaleString("en").padStart(9)}`;
}
