import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The XS engine is not there. The message is one line and says what to install. */
export class XsEngineMissing extends Error {
	override name = "XsEngineMissing";
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: "lin", darwin: "mac" };

/** The path of the `xsnap-worker` executable that `@agoric/xsnap` builds when it is installed. Throws `XsEngineMissing`. */
export function findXsEngine(): string {
	const platform = PLATFORMS[process.platform];
	if (!platform)
		throw new XsEngineMissing(`The XS engine runs on Linux and macOS only, and this is ${process.platform}.`);
	const engine = join(packageFolder(), "xsnap-native/xsnap/build/bin", platform, "release/xsnap-worker");
	if (!existsSync(engine)) {
		throw new XsEngineMissing(
			"The XS engine is not built: install a C compiler (cc) and make, then run: npm rebuild @agoric/xsnap",
		);
	}
	return engine;
}

function packageFolder(): string {
	try {
		return dirname(createRequire(import.meta.url).resolve("@agoric/xsnap/package.json"));
	} catch (cause) {
		throw new XsEngineMissing(
			"The XS engine is not installed: install a C compiler (cc) and make, then run: npm install --include=dev",
			{ cause },
		);
	}
}
