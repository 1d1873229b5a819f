import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Of the ESP32's flash storage (NVS). */
const LONGEST_NAME = 15;
const LARGEST_VALUE = 4_000;

type Domains = Record<string, Record<string, string>>;

/** A device's flash storage: outlives its machine, and with a file also this process. */
export class Flash {
	readonly #domains: Domains;
	readonly #file: string | undefined;

	/** Reads `file` if it is there. Throws when it cannot be read, or is not what this class wrote. */
	constructor(file?: string) {
		this.#file = file;
		this.#domains = file === undefined ? {} : load(file);
	}

	read(path: string, key: string): Uint8Array | undefined {
		const value = this.#domain(path)[name(key)];
		return value === undefined ? undefined : Buffer.from(value, "base64");
	}

	write(path: string, key: string, value: Uint8Array): void {
		if (value.length > LARGEST_VALUE)
			throw new Error(`${value.length} bytes are more than the flash takes (${LARGEST_VALUE})`);
		this.#domain(path)[name(key)] = Buffer.from(value).toString("base64");
		this.#save();
	}

	delete(path: string, key: string): void {
		delete this.#domain(path)[name(key)];
		this.#save();
	}

	keys(path: string): readonly string[] {
		return Object.keys(this.#domain(path));
	}

	#domain(path: string): Record<string, string> {
		const domain = this.#domains[name(path)] ?? {};
		this.#domains[path] = domain;
		return domain;
	}

	/** The new file takes the place of the old one in one step. */
	#save(): void {
		if (this.#file === undefined) return;
		mkdirSync(dirname(this.#file), { recursive: true });
		writeFileSync(`${this.#file}.new`, JSON.stringify(this.#domains));
		renameSync(`${this.#file}.new`, this.#file);
	}
}

function name(text: string): string {
	if (text.length > 0 && text.length <= LONGEST_NAME) return text;
	throw new Error(`${JSON.stringify(text)}: a name in flash takes 1 to ${LONGEST_NAME} characters`);
}

function load(file: string): Domains {
	try {
		return JSON.parse(readFileSync(file, "utf8")) as Domains;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
		throw new Error(`${file} cannot be read as a device's flash: ${(error as Error).message}`, { cause: error });
	}
}
