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
		if (value === undefined || (typeof value === "string" && value !== "")) return value;
		return this.refuse(key, isSecret ? "what is given" : value, "text that is not empty");
	}

	texts(key: string): readonly string[] | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		if (isTexts(value)) return value;
		if (typeof value === "string" && value !== "") return value.split(",");
		return this.refuse(key, value, "a list of texts");
	}

	/** Values may be secret, and are not repeated. */
	textsByName(key: string): Readonly<Record<string, string>> | undefined {
		const value = this.#values[key];
		if (value === undefined || isTextsByName(value)) return value;
		return this.refuse(key, "what is given", "an object of texts");
	}

	flag(key: string): boolean | undefined {
		const value = this.#values[key];
		if (value === undefined || typeof value === "boolean") return value;
		if (value === "true" || value === "false") return value === "true";
		return this.refuse(key, value, "true or false");
	}

	integer(key: string, from: number, to: number): number | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
		if (typeof number === "number" && Number.isInteger(number) && number >= from && number <= to) return number;
		return this.refuse(key, value, `a whole number from ${from} to ${to}`);
	}

	choice<T extends string>(key: string, words: readonly T[]): T | undefined {
		const value = this.#values[key];
		if (value === undefined) return undefined;
		return words.find((word) => word === value) ?? this.refuse(key, value, `one of ${words.join(", ")}`);
	}

	private refuse(key: string, value: unknown, allowed: string): never {
		throw new UsageError(`config: ${this.#name}.${key} must be ${allowed}, not ${JSON.stringify(value)}`);
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
