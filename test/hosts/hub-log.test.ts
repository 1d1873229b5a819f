import { expect, test } from "@jest/globals";
import { TextLog } from "../../hosts/hub/index.ts";

function written(level: "debug" | "info" | "warn" | "error", message: string, fields = {}, threshold = level): string {
	let text = "";
	new TextLog(threshold, (line) => (text += line)).write(level, message, fields);
	return text.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, "TIME ");
}

test("an entry is one line of time, level, message and values", () => {
	expect(written("info", "client connected", { client: "a", keepAlive: 60, clean: true })).toBe(
		"TIME info  client connected client=a keepAlive=60 clean=true\n",
	);
});

test.each([
	["a b", '"a b"'],
	["", '""'],
	['say "x"', '"say \\"x\\""'],
	["a=b", '"a=b"'],
	["two\nlines", '"two\\u{a}lines"'],
	["\u001b[31mred", '"\\u{1b}[31mred"'],
	["\u202Ebidi", '"\\u{202e}bidi"'],
	["\uD800", '"\\u{d800}"'],
	["back\\slash", '"back\\\\slash"'],
	["Wohnzimmer/温度", "Wohnzimmer/温度"],
])("the value %j is printed as %s", (value, expected) => {
	expect(written("warn", "m", { value })).toBe(`TIME warn  m value=${expected}\n`);
});

test("a long value is cut", () => {
	expect(written("info", "m", { client: "x".repeat(65_535) })).toHaveLength("TIME info  m client=".length + 202);
});

test("entries below the level are dropped", () => {
	expect(written("info", "m", {}, "warn")).toBe("");
	expect(written("error", "m", {}, "warn")).toBe("TIME error m\n");
});
