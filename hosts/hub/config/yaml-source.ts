import { dirname, resolve } from "node:path";
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import { MASK, type Path } from "../../../src/config/index.ts";
import { ConfigError, type Position, positionText } from "./config-error.ts";
import { Secrets } from "./secrets.ts";
import { keyText, readYaml, scalarValue, type YamlDocument } from "./yaml-document.ts";

/** Values in one configuration, and levels. More is a mistake, or aliases of aliases. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 64;

/** Where in which file a value is read. */
interface Place {
	readonly path: Path;
	readonly source: YamlDocument;
	/** Inclusions and levels around it. */
	readonly depth: number;
}

/**
 * A configuration in YAML as plain values, with `!include` and `!secret` put in as Home Assistant does, and with the
 * place of each value.
 */
export class YamlSource {
	readonly value: unknown;
	readonly #keys = new Map<string, Position>();
	readonly #values = new Map<string, Position>();
	/** What `!secret` brought in. */
	readonly #secretTexts = new Map<string, string>();
	readonly #secrets: Secrets;
	readonly #files = new Set<string>();
	#count = 0;

	/** `choose` says which of the keys at the top are read; the others are passed over. Throws `ConfigError`. */
	constructor(file: string, choose: (keys: readonly string[]) => readonly string[] = (keys) => keys) {
		this.#secrets = new Secrets(dirname(resolve(file)));
		this.#files.add(resolve(file));
		try {
			this.value = this.#readAll(file, choose);
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
			throw new ConfigError(error.problems, [...this.files, ...error.files]);
		}
	}

	#readAll(file: string, choose: (keys: readonly string[]) => readonly string[]): unknown {
		const source = readYaml(file);
		if (isMap(source.contents)) {
			const chosen = choose(source.contents.items.map(keyText));
			source.contents.items = source.contents.items.filter((pair) => chosen.includes(keyText(pair)));
		}
		return this.#read(source.contents, { path: [], source, depth: 0 });
	}

	/** Every file that was read, by its absolute path. */
	get files(): readonly string[] {
		return [...this.#files, ...this.#secrets.files];
	}

	/** Where the key or its value stands, or the nearest around it that is written down. */
	positionOf(path: Path, at: "key" | "value"): Position | undefined {
		const id = idOf(path);
		const own =
			at === "key" ? (this.#keys.get(id) ?? this.#values.get(id)) : (this.#values.get(id) ?? this.#keys.get(id));
		return own ?? (path.length === 0 ? undefined : this.positionOf(path.slice(0, -1), "key"));
	}

	/** The message about what stands at the path, without the secret that may have been put there. */
	masked(path: Path, message: string): string {
		const secret = this.#secretTexts.get(idOf(path));
		return secret === undefined ? message : message.replaceAll(secret, MASK);
	}

	#read(node: Node | null, place: Place): unknown {
		this.#count++;
		if (node === null) return null;
		const position = place.source.positionOf(node);
		if (this.#count > MAX_VALUES || place.depth > MAX_DEPTH) {
			throw new ConfigError([`${positionText(position)}: there are too many values here, or too deep ones`]);
		}
		if (isAlias(node)) {
			const target = node.resolve(place.source.document);
			if (target !== undefined) return this.#read(target, deeper(place));
			throw new ConfigError([`${positionText(position)}: there is no &${node.source} before this *${node.source}`]);
		}
		this.#values.set(idOf(place.path), position);
		if (node.tag === "!include" && isScalar(node)) return this.#include(node, place, position);
		if (node.tag === "!secret" && isScalar(node)) return this.#secret(node, place, position);
		if (node.tag?.startsWith("!") === true && node.tag !== "!") {
			throw new ConfigError([
				`${positionText(position)}: ${node.tag} is not known here; known are !include and !secret`,
			]);
		}
		if (isMap(node)) return this.#mapping(node, place);
		if (isSeq(node)) return node.items.map((item, index) => this.#read(item as Node | null, deeper(place, index)));
		return isScalar(node) ? scalarValue(node) : null;
	}

	#mapping(node: YAMLMap, place: Place): unknown {
		// Without a prototype, so that a key such as __proto__ is a key like any other.
		const own = Object.create(null) as Record<string, unknown>;
		const merged: unknown[] = [];
		for (const pair of node.items) {
			const key = keyText(pair);
			const value = pair.value as Node | null;
			if (key === "<<") {
				merged.push(this.#read(value, deeper(place)));
				continue;
			}
			const inner = deeper(place, key);
			this.#keys.set(idOf(inner.path), place.source.positionOf(pair.key));
			own[key] = this.#read(value, inner);
		}
		// What is merged in gives way to what the mapping says itself, and the first of several to none.
		for (const other of merged.flat()) {
			for (const [key, value] of Object.entries(other ?? {})) if (!Object.hasOwn(own, key)) own[key] = value;
		}
		return own;
	}

	#include(node: Scalar, place: Place, position: Position): unknown {
		const file = resolve(dirname(place.source.file), String(node.value));
		this.#files.add(file);
		const source = readYaml(file, position);
		return this.#read(source.contents, { ...deeper(place), source });
	}

	#secret(node: Scalar, place: Place, position: Position): unknown {
		const secret = this.#secrets.find(String(node.value), dirname(resolve(place.source.file)), position);
		this.#secretTexts.set(idOf(place.path), String(secret));
		return secret;
	}
}

function deeper({ path, source, depth }: Place, step?: string | number): Place {
	return { path: step === undefined ? path : [...path, step], source, depth: depth + 1 };
}

function idOf(path: Path): string {
	return JSON.stringify(path);
}
