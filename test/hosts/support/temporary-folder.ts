import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folders of one test; `remove` deletes them. */
export class TemporaryFolders {
	readonly #folders: string[] = [];

	/** A new empty folder. */
	make(): string {
		const folder = mkdtempSync(join(tmpdir(), "motehub-"));
		this.#folders.push(folder);
		return folder;
	}

	remove(): void {
		for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
	}
}
