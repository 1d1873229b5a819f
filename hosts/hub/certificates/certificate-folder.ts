import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../auth/replace-file.ts";
import { readTextFile } from "../auth/text-file.ts";
import { DataFolderError } from "../data-folder.ts";

/** Where the home's certificates are kept in the data folder, all of them open to the hub's user alone. */
export class CertificateFolder {
	/** The CA certificate: the file that devices are given. */
	readonly authority: string;
	readonly authorityKey: string;
	/** The server's key, its certificate and the CA's, in one file, so that they change together. */
	readonly server: string;
	readonly #folder: string;

	constructor(dataFolder: string) {
		this.#folder = join(dataFolder, "tls");
		this.authority = join(this.#folder, "ca.pem");
		this.authorityKey = join(this.#folder, "ca-key.pem");
		this.server = join(this.#folder, "server.pem");
	}

	/** Undefined: there is no such file. Throws `DataFolderError`. */
	read(path: string): string | undefined {
		const file = readTextFile(path);
		if ("text" in file) return file.text;
		if (file.isMissing) return undefined;
		throw new DataFolderError(`cannot read ${path}: ${file.error}`);
	}

	/** Throws `DataFolderError`. */
	write(path: string, text: string): void {
		try {
			mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
			replaceFile(path, text);
		} catch (error) {
			throw DataFolderError.because(`cannot write ${path}`, error, "choose another data folder with --data");
		}
	}
}
