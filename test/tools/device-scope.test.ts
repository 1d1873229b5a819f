import { describe, expect, test } from "@jest/globals";
import { inOneScope } from "../../tools/device/scope.ts";

const LINES = [
	'import { encode } from "codec";',
	"import {",
	"  decode,",
	"  other as another",
	'} from "codec";',
	'import Timer from "timer";',
	"// src/a.ts",
	"const LIMIT = 5;",
	"function double(value) {",
	"  return 2 * value;",
	"}",
	"class Counter {",
	"  next = () => double(LIMIT);",
	"}",
	"const start = () => new Counter().next();",
	"export {",
	"  decode,",
	"  start as default,",
	"};",
	"//# sourceMappingURL=a.js.map",
];

/** Without the lines that say what is exported, which move nothing when they become fewer. */
const before = (code: string): string[] => code.split("\n").slice(0, LINES.indexOf("export {"));

describe("a bundled module", () => {
	test("declares what it exports, and the rest within a function", () => {
		const code = inOneScope(LINES.join("\n"));
		const [first = ""] = code.split("\n");
		expect(first).toBe(
			'import { encode } from "codec"; import { decode, other as another } from "codec"; import Timer from "timer"; const inner$ = (() => {',
		);
		expect(code).toContain("return Object.freeze({ start }); })();\nconst start = inner$.start;\n");
		expect(code).toContain("export { decode, start as default };\n//# sourceMappingURL=a.js.map");
	});

	test("keeps each line where it was", () => {
		const lines = before(inOneScope(LINES.join("\n")));
		LINES.slice(0, lines.length).forEach((line, at) => {
			if (line.startsWith("//") || /^(const|function|class|\s+return|\s+next)/.test(line)) expect(lines[at]).toBe(line);
		});
	});

	test("works as before", async () => {
		const own = LINES.filter((_, at) => at > 5 && at < LINES.length - 1 && LINES[at] !== "  decode,").join("\n");
		const load = async (code: string) =>
			(await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { readonly default: () => number };
		expect((await load(inOneScope(own))).default()).toBe((await load(own)).default());
	});

	test.each([
		["exports nothing", "const a = 1;\n"],
		["only passes on", 'import { a } from "a";\nexport {\n  a\n};\n'],
		["exports about all that it declares", "const a = 1;\nfunction b() {\n}\nexport {\n  a,\n  b\n};\n"],
	])("is left as it is when it %s", (_, code) => {
		expect(inOneScope(code)).toBe(code);
	});
});
