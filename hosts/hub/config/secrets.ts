import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMap, isScalar } from "yaml";
import { mostSimilar } from "../../../src/config/index.ts";
import { ConfigError, type Position, positionText } from "./config-error.ts";
import { keyText, readYaml, scalarValue } from "./yaml-document.ts";

const FILE_NAME = "secrets.yaml";

/**
 * What `!secret NAME` stands for, as in Home Assistant: looked up in secrets.yaml beside the file that asks, then in the
 * folders above it, up to that of the main file.
 */
export class Secrets {
	readonly #top: string;
	readonly #files = new Map<string, ReadonlyMap<string, unknown>>();

	/** `top` is the main file's folder. */
	constructor(top: string) {
		this.#top = top;
	}

	/** Those that were read. */
	get files(): readonly string[] {
		return [...this.#files.keys()];
	}

	/** Throws `ConfigError`, which never quotes a secret. */
	find(name: string, folder: string, wantedAt: Position): unknown {
		const known: string[] = [];
		const files = this.#filesFor(folder);
		for (const file of files) {
			const secrets = this.#load(file, wantedAt);
			if (secrets.has(name)) return secrets.get(name);
			known.push(...secrets.keys());
		}
		const meant = mostSimilar(name, known);
		const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
		const fault = files.length === 0 ? `there is no ${FILE_NAME} with ${name}` : `${FILE_NAME} has no ${name}${hint}`;
		throw new ConfigError([`${positionText(wantedAt)}: ${fault}`], this.#placesFor(folder));
	}

	#filesFor(folder: string): readonly string[] {
		return this.#placesFor(folder).filter((file) => existsSync(file));
	}

	/** Where it may be. */
	#placesFor(folder: string): readonly string[] {
		const files: string[] = [];
		for (let place = folder; ; place = dirname(place)) {
			files.push(join(place, FILE_NAME));
			// An included file may be outside of the main file's folder: then the search ends at the root.
			if (place === this.#top || place === dirname(place)) return files;
		}
	}

	#load(file: string, wantedAt: Position): ReadonlyMap<string, unknown> {
		const loaded = this.#files.get(file);
		if (loaded !== undefined) return loaded;
		const { contents } = readYaml(file, wantedAt);
		if (contents !== null && !isMap(contents))
			throw new ConfigError([`${file}: must be a mapping of names to secrets`]);
		const secrets = new Map<string, unknown>();
		for (const pair of contents?.items ?? []) {
			if (isScalar(pair.value)) secrets.set(keyText(pair), scalarValue(pair.value));
		}
		this.#files.set(file, secrets);
		return secrets;
	}
}
