import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { plainFields } from "../../tools/xs/plain-fields-plugin.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = ["src", "hosts/device"].flatMap((folder) => filesBelow(folder));

function filesBelow(folder: string): readonly string[] {
	return readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
		.map((name) => join(PROJECT, folder, name));
}

interface DeclaredClass {
	readonly base: string;
	readonly privates: readonly string[];
}

const CLASS = /\bclass (\w+)(?:<[^>]*>)?(?: extends (\w+))?/;

/** The classes of ours, by name. */
function classes(): ReadonlyMap<string, DeclaredClass> {
	const texts = SOURCES.flatMap((file) => readFileSync(file, "utf8").split(/^(?=(?:export )?(?:abstract )?class )/m));
	const found = new Map<string, DeclaredClass>();
	for (const text of texts) {
		const [, name, base = ""] = CLASS.exec(text) ?? [];
		if (name === undefined) continue;
		found.set(name, { base, privates: [...text.matchAll(/#([A-Za-z]\w*)/g)].map(([, each = ""]) => each) });
	}
	return found;
}

describe("private names that become properties", () => {
	test("do not meet those of a base class", () => {
		const declared = classes();
		expect(declared.size).toBeGreaterThan(50);
		for (const [name, { base, privates }] of declared) {
			for (let above = declared.get(base); above !== undefined; above = declared.get(above.base)) {
				const shared = above.privates.filter((each) => privates.includes(each));
				expect({ name, shared }).toEqual({ name, shared: [] });
			}
		}
	});

	test("do not meet public names", () => {
		for (const file of SOURCES)
			expect(readFileSync(file, "utf8")).not.toMatch(/(?:\.|^\s*(?:readonly )?)_[A-Za-z]\w*/m);
	});

	test("are gone from what devices get, and so are fields outside of constructors, but for those of errors", async () => {
		const entryPoints = ["src/client/index.ts", "src/codec/errors.ts"];
		const { outputFiles } = await build({
			absWorkingDir: PROJECT,
			bundle: true,
			entryPoints,
			external: ["mqtt-packet/*"],
			format: "esm",
			outdir: "unused",
			plugins: [plainFields],
			target: "es2023",
			write: false,
		});
		const [client = "", errors = ""] = outputFiles.map(({ text }) => text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, ""));
		expect(client).toMatch(/this\._\w+ = /);
		expect(client).not.toMatch(/#[A-Za-z]\w*/);
		expect(errors).toContain('  name = "ProtocolError";');
	});
});
