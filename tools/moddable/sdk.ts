import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** No Moddable SDK, or not what this step needs. The message says how to get it, in one line. */
export class SdkMissing extends Error {
	override name = "SdkMissing";
}

/** A tool of the SDK ended in failure. `output` is all that it printed. */
export class ToolFailed extends Error {
	override name = "ToolFailed";
	readonly output: string;

	constructor(message: string, output: string) {
		super(message);
		this.output = output;
	}
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { darwin: "mac", linux: "lin" };
const HOW_TO_GET_IT =
	"install it with `npx xs-dev setup`, or as https://www.moddable.com/documentation/Moddable%20SDK%20-%20Getting%20Started says, and set MODDABLE";

/** An installed Moddable SDK. */
export class ModdableSdk {
	readonly folder: string;
	/** For programs that are run with it. */
	readonly environment: NodeJS.ProcessEnv;

	private constructor(folder: string, tools: string, environment: NodeJS.ProcessEnv) {
		this.folder = folder;
		this.environment = { ...environment, MODDABLE: folder, PATH: `${tools}:${environment.PATH ?? ""}` };
	}

	/** Finds it through `$MODDABLE`, or where its installer puts it. Throws SdkMissing. */
	static find(environment: NodeJS.ProcessEnv = process.env): ModdableSdk {
		const { MODDABLE: named } = environment;
		const folder = named ? named : join(homedir(), ".local/share/moddable");
		const platform = PLATFORMS[process.platform];
		if (platform === undefined) throw new SdkMissing(`building with Moddable works on Linux and macOS from here`);
		const tools = join(folder, "build/bin", platform, "release");
		if (!existsSync(join(tools, "mcconfig"))) {
			const where = named ? `${folder}, which MODDABLE names` : folder;
			throw new SdkMissing(`no Moddable SDK with its tools in ${where}: ${HOW_TO_GET_IT}`);
		}
		return new ModdableSdk(folder, tools, environment);
	}

	/**
	 * Runs mcconfig on the manifest.json in `folder`; where a package.json lies there, on the manifest that mcpack makes of it.
	 * Throws ToolFailed.
	 */
	mcconfig(args: readonly string[], folder: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
		if (!existsSync(join(folder, "package.json"))) return this.run("mcconfig", args, folder, more);
		return this.run("mcpack", ["mcconfig", ...args], folder, more);
	}

	/** Runs a program with the SDK on its path, and returns what it printed. Throws ToolFailed. */
	async run(
		program: string,
		args: readonly string[],
		folder: string,
		more: Readonly<Record<string, string>> = {},
	): Promise<string> {
		const child = spawn(program, args, { cwd: folder, env: { ...this.environment, ...more } });
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => (output += text));
		}
		const status = await new Promise<number | string>((resolve) => {
			child.once("error", (error) => resolve(error.message));
			child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
		});
		if (status !== 0) throw new ToolFailed(`${program} ${args.join(" ")} ended with ${status}`, output);
		return output;
	}
}
