import { describe, expect, test } from "@jest/globals";
import { transform } from "esbuild";
import { withBooleans } from "../../tools/device/booleans.ts";
import { checkConstants, withConstants } from "../../tools/device/constants.ts";
import { inlineNumbers } from "../../tools/xs/inline-numbers.ts";

describe("a module for the device", () => {
	test("gets its constants back, and its tables frozen before they are exported", () => {
		const code = [
			"// src/a.ts",
			"var HEADER = 5, TABLE = { a: [1] }, LIST = Array.of({});",
			"var NAMES = [",
			'  "x"',
			"];",
			"var A = class {",
			"  take(values = []) {",
			"  }",
			"};",
			"export {",
			"  A",
			"};",
			"",
		];
		const expected = code.map((line) => line.replace(/^var/, "const"));
		expected.splice(9, 0, "Object.freeze(Array.of(TABLE, LIST, NAMES), true);");
		expect(withConstants(code.join("\n"))).toBe(expected.join("\n"));
	});

	test.each(["count = count + 1;", "count += 2;", "count++;", "--count;"])("keeps a variable for %j", (assignment) => {
		const code = `var count = 1;\nfunction next() {\n  ${assignment}\n}\n`;
		expect(withConstants(code)).toBe(code);
	});

	test("keeps a variable behind a class that is declared with it", () => {
		const code = "var A = class {\n  f() {\n    g();\n  }\n}, count = 0;\nfunction next() {\n  count++;\n}\n";
		expect(withConstants(code)).toBe(code);
	});

	test("gets the tables frozen that are declared behind a function, and not what parameters default to", () => {
		const code = "var f = () => {\n  g();\n}, A = {}, B = [\n  1\n], h = (c, d = []) => d;\n";
		const expected = code.replace("var", "const");
		expect(withConstants(code)).toBe(`${expected}Object.freeze(Array.of(A, B), true);\n`);
	});

	test.each(["[one] = [2];", "({ one } = { one: 2 });", "for (one of [2]) ;"])(
		"is not made if it says %j, which makes no variable of it",
		async (assignment) => {
			const code = withConstants(`var one = 1;\nfunction f() {\n  ${assignment}\n}\n`);
			await expect(checkConstants(code)).rejects.toThrow('because "one" is a constant');
			await checkConstants(code.replace("const", "var"));
		},
	);

	test("does not take for an assignment what is none", () => {
		const code = "var one = 1;\nfunction f(a) {\n  a.one = 2;\n  return one === a || one => one == 1;\n}\n";
		expect(withConstants(code)).toBe(code.replace("var", "const"));
	});

	test.each(["node_modules/p/index.js", "mqtt-packet:numbers.js"])(
		"leaves the tables of %s alone: it fills them",
		(file) => {
			const code = `// ${file}\nvar cache = {};\n// src/b.ts\nvar table = {};\n`;
			const expected = code.replaceAll("var", "const");
			expect(withConstants(code)).toBe(`${expected}Object.freeze(Array.of(table), true);\n`);
		},
	);
});

describe("a module's own constant numbers", () => {
	test("stand where they are used, and nowhere else", async () => {
		const source = [
			'import { take } from "./take.ts";',
			"const MOST = 65_536;",
			"const DAY = 24 * 60 * 60_000;",
			"const MASK = 0b1010;",
			"const BIG = 5n;",
			"export const KEPT = 5;",
			"const LIST = [MOST, { MOST }];",
			"export const use = (it: { MOST: number }) => take(it.MOST, MOST, DAY, MASK, BIG, KEPT, 'MOST', LIST);",
			"export const hide = (MOST: string) => take(MOST);",
		];
		const { code, define } = inlineNumbers(source.join("\n"));
		expect(code.split("\n")).toHaveLength(source.length);
		const made = await transform(code, { define, format: "esm", loader: "ts" });
		expect(made.code).not.toMatch(/const (MOST|DAY|MASK)/);
		expect(made.code).toContain("const LIST = [65536, { MOST: 65536 }];");
		expect(made.code).toContain('take(it.MOST, 65536, 864e5, 10, BIG, KEPT, "MOST", LIST)');
		expect(made.code).toMatch(/hide = \((\w+)\) => take\(\1\)/);
	});
});

describe("booleans for XS", () => {
	test("are written out", async () => {
		const code = "export const a = !0, b = (c) => c !== 0 && !1 || !c;\n";
		expect(await withBooleans(code)).toBe("export const a = true, b = (c) => c !== 0 && false || !c;\n");
	});

	test("are no part of a text: such a module is refused", async () => {
		await expect(withBooleans('export const a = "!0";\n')).rejects.toThrow("in a text");
	});
});
