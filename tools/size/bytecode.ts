import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { darwin: "mac", linux: "lin" };
const FLAVORS = ["release", "debug"] as const;

/** The XS compiler of an installed Moddable SDK (`$MODDABLE`, or where its installer puts it), if there is one. */
export function findXsc(environment: NodeJS.ProcessEnv = process.env): string | undefined {
	const sdk = environment.MODDABLE ?? join(homedir(), ".local/share/moddable");
	const platform = PLATFORMS[process.platform];
	if (platform === undefined) return undefined;
	return FLAVORS.map((flavor) => join(sdk, "build/bin", platform, flavor, "xsc")).find((path) => existsSync(path));
}

/** Bytes of the bytecode and the names that `xsc` makes of a module. */
export function bytecodeSize(xsc: string, code: string): number {
	const folder = mkdtempSync(join(tmpdir(), "motehub-size-"));
	try {
		const source = join(folder, "module.js");
		writeFileSync(source, code);
		execFileSync(xsc, ["-e", "-o", folder, "-r", "module", source], { stdio: "pipe" });
		return statSync(join(folder, "module.xsb")).size;
	} finally {
		rmSync(folder, { recursive: true });
	}
}
