import { fileURLToPath } from "node:url";
import { describe } from "@jest/globals";
import { ModdableSdk, SdkMissing } from "../../../tools/moddable/sdk.ts";
import { opensslVersion } from "../openssl/openssl.ts";

/** The SDK starts the TypeScript compiler that it finds. */
const TOOLS = fileURLToPath(new URL("../../../node_modules/.bin", import.meta.url));

/** The installed Moddable SDK, if there is one that can build for its simulator here. */
export const SDK = find();

/** Skipped by name without a Moddable SDK. */
export const describeWithModdable =
	SDK === undefined ? skipped("a Moddable SDK") : (name: string, tests: () => void) => describe(name, tests);

/** Skipped by name without a Moddable SDK or OpenSSL. */
export const describeWithModdableAndOpenSsl =
	opensslVersion() === undefined ? skipped("the openssl command, version 3") : describeWithModdable;

function skipped(need: string): (name: string, tests: () => void) => void {
	return (name, tests) => describe.skip(`${name} (needs ${need})`, tests);
}

function find(): ModdableSdk | undefined {
	if (process.platform !== "linux") return undefined;
	try {
		return ModdableSdk.find({ ...process.env, PATH: `${TOOLS}:${process.env.PATH ?? ""}` });
	} catch (error) {
		if (error instanceof SdkMissing) return undefined;
		throw error;
	}
}
