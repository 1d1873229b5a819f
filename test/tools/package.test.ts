import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";

const ROOT = new URL("../../", import.meta.url);

const OURS = new RegExp(
	[
		"^dist/(?:hosts/(?:hub|device)|moddable|src)/.+\\.(?:js|d\\.ts)$",
		"^dist/moddable/.+/(?:manifest|package)\\.json$",
		"^(?:hosts/device|src)/(?:[a-z]+/)*(?:common|manifest)\\.json$",
		"^(?:docs|tools/systemd)/[^/]+$",
		"^[^/]+$",
	].join("|"),
);

interface PackageFile {
	readonly bin: Readonly<Record<string, string>>;
	readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

describe("what npm pack puts into the package", () => {
	const { bin, exports } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as PackageFile;
	let files: readonly string[];

	beforeAll(() => {
		const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
		const { stdout } = spawnSync("npm", args, { cwd: ROOT, encoding: "utf8" });
		const [packed] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
		files = packed.files.map(({ path }) => path);
	});

	test("has everything that package.json points at", () => {
		const targets = Object.values(exports).flatMap((each) => (typeof each === "string" ? each : Object.values(each)));
		for (const target of [...Object.values(bin), ...targets.map((path) => path.replace(/^\.\//, ""))]) {
			expect(files).toContain(target);
		}
		expect(files).toContain("dist/hosts/hub/auth/crypt-worker.js");
	});

	test("has nothing of the tests, the tools, the firmware and the sources", () => {
		const isOurs = (path: string) => OURS.test(path) && !/^(?:dist\/)?hosts\/device\/firmware\//.test(path);
		expect(files.filter((path) => !isOurs(path))).toEqual([]);
	});

	test("starts with a line that lets a shell run it", () => {
		const program = readFileSync(new URL(bin.motehub ?? "", ROOT), "utf8");
		expect(program).toMatch(/^#!\/usr\/bin\/env node\n/);
	});
});
