import type { Path, Report } from "./report.ts";
import { Secret } from "./secret.ts";
import { mostSimilar } from "./similar.ts";

/** Reads one value of a configuration: from whatever the file holds to a type of ours. */
export interface Reader<T> {
	/** What may stand there, for a person: "a whole number from 1 to 65535". */
	readonly allowed: string;
	/**
	 * The value's meaning. Reports an error, and gives undefined, for what is not allowed. `undefined` as the value
	 * stands for a key that is absent, null for a key with nothing behind it.
	 */
	read(value: unknown, path: Path, report: Report): T | undefined;
}

/** A reader out of a conversion that gives undefined for what is not allowed. */
export function reader<T>(
	allowed: string,
	convert: (value: unknown) => T | undefined,
	show: (value: unknown) => string = shown,
): Reader<T> {
	return {
		allowed,
		read(value, path, report) {
			if (value === undefined) return fail(`is missing; it takes ${allowed}`);
			if (value === null) return fail(`has no value; it takes ${allowed}`);
			const result = convert(value);
			return result === undefined ? fail(`${show(value)} is not allowed; it takes ${allowed}`) : result;

			function fail(message: string): undefined {
				report.error(path, message);
			}
		},
	};
}

/** `from` to `to`, both included. Digits in quotes count as a number, as in Home Assistant. */
export function integer(from: number, to: number): Reader<number> {
	return reader(`a whole number from ${from} to ${to}`, (value) => {
		const number = typeof value === "string" && String(Number(value)) === value ? Number(value) : value;
		return typeof number === "number" && Number.isInteger(number) && number >= from && number <= to
			? number
			: undefined;
	});
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
	true: true,
	yes: true,
	on: true,
	false: false,
	no: false,
	off: false,
};

export function boolean(): Reader<boolean> {
	return reader("true or false", (value) => {
		if (typeof value === "boolean") return value;
		return typeof value === "string" ? BOOLEANS[value.toLowerCase()] : undefined;
	});
}

/** Text that is not empty. A number is taken as it is written; true and false are not: they were probably meant as text. */
export function text(allowed = "text (in quotes if it reads like true, false or null)"): Reader<string> {
	return reader(allowed, asText);
}

/** A secret that is not empty. What stands there is never shown. */
export function secret(): Reader<Secret> {
	return reader(
		"text that is not empty (in quotes if it reads like true, false or null)",
		(value) => {
			const plain = asText(value);
			return plain === undefined ? undefined : new Secret(plain);
		},
		() => "this value",
	);
}

function asText(value: unknown): string | undefined {
	if (typeof value === "number") return String(value);
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** One of the words. A number stands for the word that it is written as: 5 for "5", 3.1 for "3.1", 1 for "1.0". */
export function choice<const T extends string>(words: readonly T[]): Reader<T> {
	return reader(`one of ${words.join(", ")}`, (value) => {
		if (typeof value === "number") return words.find((word) => word === String(value) || word === value.toFixed(1));
		return words.find((word) => word === value);
	});
}

/** A list; with `orSingle`, what it takes may also stand alone. */
export function list<T>(item: Reader<T>, orSingle = false): Reader<readonly T[]> {
	const allowed = orSingle ? `${item.allowed}, or a list of that` : `a list, each ${item.allowed}`;
	return {
		allowed,
		read(value, path, report) {
			const before = report.errors.length;
			if (orSingle && value !== undefined && !Array.isArray(value)) {
				const single = item.read(value, path, report);
				return report.errors.length > before ? undefined : [single as T];
			}
			if (!Array.isArray(value)) return reader(allowed, () => undefined).read(value, path, report);
			const items = value.map((each: unknown, index) => item.read(each, [...path, index], report));
			return report.errors.length > before ? undefined : (items as T[]);
		},
	};
}

/** A mapping whose keys the user chooses. */
export function mapping<T>(item: Reader<T>): Reader<ReadonlyMap<string, T>> {
	const allowed = `a mapping, each value ${item.allowed}`;
	return {
		allowed,
		read(value, path, report) {
			if (!isMapping(value)) return reader(allowed, () => undefined).read(value, path, report);
			const before = report.errors.length;
			const entries = new Map<string, T>();
			for (const [key, each] of Object.entries(value)) {
				entries.set(key, item.read(each, [...path, key], report) as T);
			}
			return report.errors.length > before ? undefined : entries;
		},
	};
}

type Fields = Readonly<Record<string, Reader<unknown>>>;

/** What the fields of a record read as. */
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: F[K] extends Reader<infer T> ? T : never };

/** A mapping with keys of ours; any other key is an error. */
export function record<F extends Fields>(fields: F): Reader<FieldValues<F>> {
	const names = Object.keys(fields);
	const allowed = `a mapping with the keys ${names.join(", ")}`;
	return {
		allowed,
		read(value, path, report) {
			if (!isMapping(value)) return reader(allowed, () => undefined).read(value, path, report);
			const before = report.errors.length;
			for (const key of Object.keys(value)) {
				if (!Object.hasOwn(fields, key)) report.error([...path, key], unknownKey(key, names), "key");
			}
			const values: Record<string, unknown> = {};
			for (const [key, field] of Object.entries(fields)) {
				const given = Object.hasOwn(value, key) ? value[key] : undefined;
				values[key] = field.read(given, [...path, key], report);
			}
			return report.errors.length > before ? undefined : (values as FieldValues<F>);
		},
	};
}

/** The key may be absent. */
export function optional<T>(inner: Reader<T>): Reader<T | undefined> {
	return {
		allowed: inner.allowed,
		read: (value, path, report) => (value === undefined ? undefined : inner.read(value, path, report)),
	};
}

/** The key may be absent, and then stands for `fallback`. */
export function withDefault<T>(inner: Reader<T>, fallback: T): Reader<T> {
	return {
		allowed: inner.allowed,
		read: (value, path, report) => (value === undefined ? fallback : inner.read(value, path, report)),
	};
}

/** Goes on with a value that was allowed: to check one key against another, or to make another type of it. */
export function refined<T, R>(
	inner: Reader<T>,
	refine: (value: T, path: Path, report: Report) => R | undefined,
): Reader<R> {
	return {
		allowed: inner.allowed,
		read(value, path, report) {
			const before = report.errors.length;
			const result = inner.read(value, path, report);
			return report.errors.length > before ? undefined : refine(result as T, path, report);
		},
	};
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** "unknown key", with the key that was probably meant and all that there are. */
export function unknownKey(key: string, known: readonly string[]): string {
	const meant = mostSimilar(key, known);
	const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
	return `unknown key${hint} (known here: ${known.join(", ")})`;
}

function shown(value: unknown): string {
	if (Array.isArray(value)) return "a list";
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	if (typeof value !== "string") return "a mapping";
	return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`;
}
