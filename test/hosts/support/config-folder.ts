import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError, type LoadedSettings, loadSettings } from "../../../hosts/hub/config/index.ts";

/** A folder with configuration files in it, as a user has them. */
export class ConfigFolder {
	readonly path = mkdtempSync(join(tmpdir(), "motehub-config-"));

	/** The absolute path of a file in it. */
	file(name: string): string {
		return join(this.path, name);
	}

	write(files: Readonly<Record<string, string>>): void {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(this.file(name)), { recursive: true });
			writeFileSync(this.file(name), text);
		}
	}

	/** Reads this as the main file, with the others beside it. */
	load(main: string, others: Readonly<Record<string, string>> = {}): LoadedSettings {
		this.write({ ...others, "motehub.yaml": main });
		return loadSettings(this.file("motehub.yaml"));
	}

	/** What is wrong, without the folder's name. Throws when nothing is. */
	problems(main: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
		try {
			this.load(main, others);
		} catch (error) {
			if (error instanceof ConfigError) return error.problems.map((problem) => problem.replaceAll(`${this.path}/`, ""));
			throw error;
		}
		throw new Error("the configuration was taken");
	}

	remove(): void {
		rmSync(this.path, { recursive: true });
	}
}
