import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import type { ModdableSdk } from "../../tools/moddable/sdk.ts";
import { fits } from "../../tools/size/heap/measure.ts";
import { describeWithModdable, SDK } from "./moddable/sdk.ts";

/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;
const C_COMPILER = "cc";
/** What a device may be asked for: static heap in bytes, and the stack that is in it, in slots of 16 bytes. */
const LIMITS = [
	["tcp", 12_288, 240],
	["tls", 20_480, 384],
] as const;

const PROBE = ["-m32", "-E", "-x", "c", "-include", "stdio.h", "/dev/null"];
const has32Bits = spawnSync(C_COMPILER, PROBE, { stdio: "ignore" }).status === 0;
const testWith32Bits = has32Bits ? test.each(LIMITS) : test.skip.each(LIMITS);

describeWithModdable("on slots of 32 bits, with a Moddable SDK and a C compiler for 32 bits", () => {
	testWith32Bits(
		"the client connects, subscribes and publishes 16 KB over %s on a heap of %i bytes",
		async (transport, heap, stack) => {
			expect(await fits(SDK as ModdableSdk, { client: "motehub", transport }, heap, stack)).toBe(true);
		},
		BUILD_TIMEOUT,
	);
});
