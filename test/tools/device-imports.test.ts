import { describe, expect, test } from "@jest/globals";
import { withUsedImports } from "../../tools/device/imports.ts";

describe("the imports of a device's bundle", () => {
	test.each([
		['import { a, b } from "m";\na();\n', 'import { a } from "m";\na();\n'],
		['import { a as b, c } from "m";\nb(a);\n', 'import { a as b } from "m";\nb(a);\n'],
		['import {\n  a,\n  $b\n} from "m";\n$b;\n', 'import { $b } from "m";\n$b;\n'],
		['import { a } from "m";\nimport { b } from "n";\nb;\n', 'import "m";\nimport { b } from "n";\nb;\n'],
		['import { a } from "m";\nexport {\n  a\n};\n', 'import { a } from "m";\nexport {\n  a\n};\n'],
		['import a from "m";\n', 'import a from "m";\n'],
	])("are those that it uses: %j", (code, expected) => {
		expect(withUsedImports(code)).toBe(expected);
	});
});
