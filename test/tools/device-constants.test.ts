import { describe, expect, test } from "@jest/globals";
import { checkConstants, withConstants } from "../../tools/device/constants.ts";

describe("a module for the device", () => {
	test("gets its constants back, and its tables frozen before they are exported", () => {
		const code = [
			"// src/a.ts",
			"var HEADER = 5, TABLE = { a: [1] };",
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
		expected.splice(9, 0, "for (const each of [TABLE, NAMES]) Object.freeze(each, true);");
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
		expect(withConstants(code)).toBe(`${expected}for (const each of [A, B]) Object.freeze(each, true);\n`);
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
			expect(withConstants(code)).toBe(`${expected}for (const each of [table]) Object.freeze(each, true);\n`);
		},
	);
});
