import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** A test whose name carries the tags of statements. */
export interface TaggedTest {
	/** From the project's root, with slashes. */
	readonly file: string;
	/** Without its tags. */
	readonly name: string;
	readonly tags: readonly string[];
}

/** `[MQTT-3.3.1-5]` of MQTT 5, `[3.1.1 MQTT-3.3.1-5]`, also written `[MQTT-3.3.1-5] of 3.1.1`, and `[3.1 section 3.12]`. */
const TAG = /\[MQTT-\d[\d.-]*\](?: of 3\.1\.1)?|\[3\.1\.1 MQTT-\d[\d.-]*\]|\[3\.1 [^\]]+\]/g;
/** Comments are matched so that they are passed over. */
const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
/** A case that is to be refused by a server: version, receiver, reason code, bytes, name and statement. */
const MALFORMED_ROW = /^[345] \| (?:fresh )?server \| [^|]+ \| [^|]+ \| (?<name>[^|]+) \| (?<tags>.*)$/gm;

/** The client has its own tests, and the tools have theirs: what those name says nothing of the broker. */
const OTHERS = /^test\/(?:unit\/client|tools)\//;
/** Where the malformed packets of `test/vectors/codec` are sent to the broker, each by a test of its own. */
const MALFORMED_TEST = "test/unit/broker/malformed.test.ts";

/** Every test of the project that names a statement. */
export function taggedTests(root: string): readonly TaggedTest[] {
	const files = filesIn(root, "test");
	const tests = files
		.filter((file) => file.endsWith(".test.ts") && !OTHERS.test(file))
		.flatMap((file) => testsIn(file, readFileSync(join(root, file), "utf8")));
	const cases = files
		.filter((file) => /^test\/vectors\/codec\/malformed-.*\.ts$/.test(file))
		.flatMap((file) => casesIn(readFileSync(join(root, file), "utf8")));
	return [...tests, ...cases];
}

/** The tests of one file: its strings that hold tags. */
export function testsIn(file: string, source: string): readonly TaggedTest[] {
	return [...source.matchAll(COMMENT_OR_STRING)]
		.map(([, plain, template]) => plain ?? template ?? "")
		.filter((text) => tagsOf(text).length > 0)
		.map((text) => ({ file, name: withoutTags(text), tags: tagsOf(text) }));
}

function casesIn(source: string): readonly TaggedTest[] {
	return [...source.matchAll(MALFORMED_ROW)]
		.map(({ groups }) => ({ file: MALFORMED_TEST, name: groups?.name ?? "", tags: tagsOf(groups?.tags ?? "") }))
		.filter(({ tags }) => tags.length > 0);
}

function tagsOf(text: string): readonly string[] {
	return (text.match(TAG) ?? []).map((tag) => tag.replace(/^\[(.*)\] of 3\.1\.1$/, "[3.1.1 $1]"));
}

function withoutTags(text: string): string {
	return text
		.replace(TAG, "")
		.replace(/\(\W*\)/g, "")
		.replace(/\s+([,:)])/g, "$1")
		.replace(/^[\s,:]+|[\s,:]+$/g, "")
		.replace(/\s+/g, " ");
}

function filesIn(root: string, folder: string): readonly string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
		.map((path) => `${folder}/${path.split(sep).join("/")}`)
		.sort();
}
