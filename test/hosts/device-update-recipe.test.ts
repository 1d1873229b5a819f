import { execFileSync, spawnSync } from "node:child_process";
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { BANNER, VERSION } from "../../hosts/device/firmware/version.ts";
import { BUILT } from "../../hosts/device/index.ts";
import { readOffer, statementOf } from "../../hosts/device/update/offer.ts";

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
const TOOLS = ["bash", "openssl", "od", "tr", "sha256sum", "stat", "grep"];
const missing = TOOLS.find((tool) => spawnSync(tool, ["--version"]).error !== undefined);

/** What README tells an owner to type. */
function recipe(): string {
	const blocks = readFileSync(README, "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm);
	const found = [...blocks].flatMap(([, block = ""]) => (block.includes("motehub-update") ? [block] : []));
	expect(found).toHaveLength(1);
	return found[0] ?? "";
}

const describeRecipe = missing === undefined ? describe : describe.skip;

describeRecipe(`README's recipe for a signed update${missing === undefined ? "" : ` (there is no ${missing})`}`, () => {
	/** Runs it, and returns the arguments of each `mosquitto_pub`. */
	function follow(folder: string): readonly (readonly string[])[] {
		writeFileSync(join(folder, "mosquitto_pub"), `#!/bin/sh\nprintf '%s\\n' "$@" "" >> published\n`, { mode: 0o755 });
		const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` };
		execFileSync("bash", ["-euo", "pipefail", "-c", recipe()], { cwd: folder, env });
		const calls = readFileSync(join(folder, "published"), "utf8").split("\n\n");
		return calls.map((call) => call.split("\n"));
	}

	test("makes an offer that the device with that key takes for its image's", () => {
		const folder = mkdtempSync(join(tmpdir(), "motehub-recipe-"));
		try {
			// As the linker leaves it: the text of the template, and what the preload has made of it.
			const texts = [`motehub firmware ${VERSION} built \0`, `${BANNER}\0`];
			const image = Buffer.concat([randomBytes(5_000), ...texts.map((text) => Buffer.from(text)), randomBytes(5_000)]);
			writeFileSync(join(folder, "xs_esp32.bin"), image);
			const [first, second] = follow(folder);
			expect(first).toEqual(["-r", "-q", "1", "-t", "motehub/kitchen/update/image", "-f", "xs_esp32.bin"]);
			expect(second?.slice(0, 6)).toEqual(["-r", "-q", "1", "-t", "motehub/kitchen/update", "-m"]);
			const offer = readOffer(Buffer.from(second?.[6] ?? ""));
			if ("fault" in offer) throw new Error(offer.fault);
			const sha256 = createHash("sha256").update(image).digest("hex");
			expect(offer).toMatchObject({ version: VERSION, size: image.length, sha256, built: BUILT });
			const key = createPublicKey(readFileSync(join(folder, "update.key")));
			expect(verify("sha256", statementOf(offer, BUILT), key, offer.signature ?? new Uint8Array(0))).toBe(true);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
