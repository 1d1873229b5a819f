import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Of the ESP32's flash storage (NVS). */
const LONGEST_NAME = 15;
const LARGEST_VALUE = 4_000;

/** A file is there, and is no device's flash. */
export class FlashUnreadable extends Error {
	override name = "FlashUnreadable";
}

/** Values by key, by domain. */
type Domains = Map<string, Map<string, Uint8Array>>;

/** A device's flash storage: outlives its machine, and with a file also this process. */
export class Flash {
	readonly #domains: Domains;
	readonly #file: string | undefined;

	/** Reads `file` if it is there. Throws FlashUnreadable when it cannot be read, or is not what this class wrote. */
	constructor(file?: string) {
		this.#file = file;
		this.#domains = file === undefined ? new Map() : load(file);
	}

	read(path: string, key: string): Uint8Array | undefined {
		return this.#domain(path).get(name(key));
	}

	write(path: string, key: string, value: Uint8Array): void {
		if (value.length > LARGEST_VALUE) {
			throw new Error(`${value.length} bytes are more than the flash takes (${LARGEST_VALUE})`);
		}
		this.#domain(path).set(name(key), Uint8Array.from(value));
		this.#save();
	}

	delete(path: string, key: string): void {
		this.#domain(path).delete(name(key));
		this.#save();
	}

	keys(path: string): readonly string[] {
		return [...this.#domain(path).keys()];
	}

	#domain(path: string): Map<string, Uint8Array> {
		const domain = this.#domains.get(name(path)) ?? new Map<string, Uint8Array>();
		this.#domains.set(path, domain);
		return domain;
	}

	/** The new file takes the place of the old one in one step. */
	#save(): void {
		if (this.#file === undefined) return;
		mkdirSync(dirname(this.#file), { recursive: true });
		writeFileSync(`${this.#file}.new`, encode(this.#domains));
		renameSync(`${this.#file}.new`, this.#file);
	}
}

function name(text: string): string {
	if (text.length > 0 && text.length <= LONGEST_NAME) return text;
	throw new Error(`${JSON.stringify(text)}: a name in flash takes 1 to ${LONGEST_NAME} characters`);
}

/** JSON: for each domain its name and its entries, each a key and a value in base64. */
function encode(domains: Domains): string {
	const base64 = (value: Uint8Array) => Buffer.from(value).toString("base64");
	return JSON.stringify(
		[...domains].map(([path, domain]) => [path, [...domain].map(([key, value]) => [key, base64(value)])]),
	);
}

function load(file: string): Domains {
	try {
		return decode(JSON.parse(readFileSync(file, "utf8")));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
		throw new FlashUnreadable(`${file} cannot be read as a device's flash: ${(error as Error).message}`, {
			cause: error,
		});
	}
}

/** Throws for what `encode` did not make. */
function decode(json: unknown): Domains {
	return new Map(entries(json).map(([path, domain]) => [path, new Map(entries(domain).map(decodeValue))]));
}

function entries(json: unknown): [string, unknown][] {
	const isEntry = (entry: unknown) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string";
	if (Array.isArray(json) && json.every(isEntry)) return json as [string, unknown][];
	throw new TypeError("it holds something else");
}

function decodeValue([key, value]: [string, unknown]): [string, Uint8Array] {
	if (typeof value === "string") return [key, Buffer.from(value, "base64")];
	throw new TypeError("it holds something else");
}
