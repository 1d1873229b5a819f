import {
	type Document,
	isNode,
	isScalar,
	LineCounter,
	type Node,
	type Pair,
	parseDocument,
	type Scalar,
	type ScalarTag,
} from "yaml";
import { readTextFile } from "../auth/text-file.ts";
import { ConfigError, type Position, positionText } from "./config-error.ts";
import { mosquittoLine } from "./mosquitto-conf.ts";

/** One YAML file, parsed. */
export interface YamlDocument {
	readonly file: string;
	readonly contents: Node | null;
	readonly document: Document.Parsed;
	/** Where a node starts; the file's start for none. */
	positionOf(node: unknown): Position;
}

// Home Assistant reads YAML 1.1, where these are booleans too.
const BOOLEAN = "tag:yaml.org,2002:bool";
const YES: ScalarTag = { tag: BOOLEAN, default: true, test: /^(?:[Yy]es|YES|[Oo]n|ON)$/, resolve: () => true };
const NO: ScalarTag = { tag: BOOLEAN, default: true, test: /^(?:[Nn]o|NO|[Oo]ff|OFF)$/, resolve: () => false };

const MESSAGES: Readonly<Record<string, string>> = {
	DUPLICATE_KEY: "this key stands here twice",
	TAB_AS_INDENT: "a tab cannot indent in YAML: use spaces",
	MULTIPLE_DOCS: "a second document starts here",
};

const SECOND_CAPATH = "this key stands here twice (where HBMQTT's documentation has a second capath, it means cadata)";

const MOSQUITTO =
	"is a line of Mosquitto's configuration, but here it is YAML: docs/configuration.md has what stands for each line";

/** Reads a file. `wantedAt` is where another file asks for it. Throws `ConfigError`. */
export function readYaml(file: string, wantedAt?: Position): YamlDocument {
	const read = readTextFile(file);
	if ("error" in read) {
		const where = wantedAt === undefined ? "" : `${positionText(wantedAt)}: `;
		throw new ConfigError([`${where}cannot read ${file}: ${read.error}`], [file]);
	}
	const lines = new LineCounter();
	const positionAt = (offset: number) => {
		const { line, col } = lines.linePos(offset);
		return { file, line, column: col };
	};
	const document = parseDocument(read.text, {
		lineCounter: lines,
		customTags: (tags) => [YES, NO, ...tags],
		logLevel: "error",
		prettyErrors: false, // Pretty ones quote the line, and there may be a password on it.
		schema: "core",
		version: "1.2",
	});
	const mosquitto = mosquittoLine(read.text);
	if (mosquitto !== undefined) throw new ConfigError([`${positionText(positionAt(mosquitto))}: ${MOSQUITTO}`]);
	if (document.errors.length > 0) {
		throw new ConfigError(
			document.errors.map(({ pos, code, message }) => {
				const isCapath = code === "DUPLICATE_KEY" && read.text.startsWith("capath", pos[0]);
				const text = isCapath ? SECOND_CAPATH : (MESSAGES[code] ?? `is no YAML: ${message}`);
				return `${positionText(positionAt(pos[0]))}: ${text}`;
			}),
		);
	}
	return {
		file,
		contents: document.contents,
		document,
		positionOf: (node) => positionAt(isNode(node) ? (node.range?.[0] ?? 0) : 0),
	};
}

/** A scalar's value. A number that would print otherwise than it is written, such as 1.0 or 0123, is taken as text. */
export function scalarValue(node: Scalar): unknown {
	const { value, source } = node;
	return typeof value === "number" && source !== undefined && String(value) !== source ? source : value;
}

/** A key as text, whatever YAML would read it as. */
export function keyText(pair: Pair): string {
	const { key } = pair;
	return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}
