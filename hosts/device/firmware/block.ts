import { UsageError } from "../../../src/codec/index.ts";

/** The manifest's `config`. */
export type Config = Readonly<Record<string, unknown>>;

/**
 * One object of the configuration, with the keys that it may have. A key may be absent; a wrong value is an error. Numbers,
 * flags and lists may be written as text, because mcconfig's command line knows nothing else.
 */
export class Block {
	readonly #name: string;
	readonly #values: Readonly<Record<string, unknown>>;

	/** `outside` are the keys that may stand beside the block as well. What stands there goes before what is in it. */
	constructor(name: string, config: Config, keys: readonly string[], outside: readonly string[] = []) {
		this.#name = name;
		const block = config[name];
		if (block !== undefined && (typeof block !== "object" || block === null)) {
			throw new UsageError(`config: ${name} must be an object`);
		}
		this.#values = { ...block, ...beside(config, name, outside) };
		for (const key of Object.keys(this.#values)) {
			if (!keys.includes(key)) throw new UsageError(`config: unknown key ${name}.${key} (known: ${keys.join(", ")})`);
		}
	}

	text(key: string, isSecret = false): string | undefined {
		const value = this.#values[key];
		// [MQTT-1.5.4-2]
		if (value === undefined || (typeof value === "string" && value !== "" && !value.includes("\0"))) return value;
		return this.refuse(key, "text that is not empty, without U+0000", isSecret ? undefined : value);
	}

	texts(key: string): readonly string[] | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		const texts: unknown = typeof value === "string" ? value.split(",") : value;
		if (isTexts(texts) && texts.length > 0 && !texts.includes("")) return texts;
		return this.refuse(key, "a list of texts, none of them empty", value);
	}

	/** Values may be secret, and are not repeated. */
	textsByName(key: string): Readonly<Record<string, string>> | undefined {
		const value = this.#values[key];
		if (value === undefined || isTextsByName(value)) return value;
		return this.refuse(key, "an object of texts");
	}

	flag(key: string): boolean | undefined {
		const value = this.#values[key];
		if (value === undefined || typeof value === "boolean") return value;
		if (value === "true" || value === "false") return value === "true";
		return this.refuse(key, "true or false", value);
	}

	integer(key: string, from: number, to: number): number | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
		if (typeof number === "number" && Number.isInteger(number) && number >= from && number <= to) return number;
		return this.refuse(key, `a whole number from ${from} to ${to}`, value);
	}

	choice<T extends string>(key: string, words: readonly T[]): T | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		// JSON has 5, 3.1 and 1.0 as numbers.
		const texts: readonly unknown[] = typeof value === "number" ? [String(value), value.toFixed(1)] : [value];
		return words.find((word) => texts.includes(word)) ?? this.refuse(key, `one of ${words.join(", ")}`, value);
	}

	/** Without a value it is a secret, and not repeated. */
	private refuse(key: string, allowed: string, value?: unknown): never {
		const found = value === undefined ? "" : `, not ${JSON.stringify(value)}`;
		throw new UsageError(`config: ${this.#name}.${key} must be ${allowed}${found}`);
	}
}

/** The keys of a block that stand outside of it: `mqtt.port`, or, if `bare` has it, `port`. */
function beside(config: Config, name: string, bare: readonly string[]): Record<string, unknown> {
	const found: Record<string, unknown> = {};
	for (const key of bare) if (config[key] !== undefined) found[key] = config[key];
	for (const [key, value] of Object.entries(config)) {
		if (key.startsWith(`${name}.`)) found[key.slice(name.length + 1)] = value;
	}
	return found;
}

function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isTextsByName(value: unknown): value is Readonly<Record<string, string>> {
	return typeof value === "object" && value !== null && isTexts(Object.values(value));
}
