import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { asMarkdown, SPECIFICATIONS, stateOf, testsOf } from "../../tools/conformance/report.ts";
import { taggedTests, testsIn } from "../../tools/conformance/tagged-tests.ts";

const root = join(import.meta.dirname, "../..");
const tests = taggedTests(root);
const statements = SPECIFICATIONS.flatMap((specification) => specification.statements);

describe("the statements of the specifications", () => {
	test("have tags of their own", () => {
		const tags = statements.map(({ tag }) => tag);
		expect(new Set(tags).size).toBe(tags.length);
	});

	test("that bind the server have a test each, or a reason why there can be none", () => {
		const missing = statements.filter((statement) => stateOf(statement, testsOf(statement, tests)) === "MISSING");
		expect(missing).toEqual([]);
	});

	test("are the only ones that tests name", () => {
		const known = new Set(statements.map(({ tag }) => tag));
		const unknown = tests.flatMap(({ file, tags }) =>
			tags.filter((tag) => !known.has(tag)).map((tag) => `${file}: ${tag}`),
		);
		expect(unknown).toEqual([]);
	});

	test("are in docs/conformance.md as it would be made now: run `npm run conformance`", () => {
		expect(readFileSync(join(root, "docs/conformance.md"), "utf8")).toBe(asMarkdown(tests));
	});
});

describe("tags", () => {
	test("are found in names, and not in comments", () => {
		const source = `
			// "[MQTT-1.5.4-1]"
			test("[MQTT-3.1.4-3] the old one is closed ([3.1.1 MQTT-3.1.4-2], [3.1 section 3.1, Response])", () => {
				expect(1).toBe(1); // [MQTT-1.5.4-2]
			});
			/* test("[MQTT-1.5.4-3]") */
			test("[MQTT-2.3.1-1] of 3.1.1 an id is not 0", () => {});`;
		expect(testsIn("a.test.ts", source)).toEqual([
			{
				file: "a.test.ts",
				name: "the old one is closed",
				tags: ["[MQTT-3.1.4-3]", "[3.1.1 MQTT-3.1.4-2]", "[3.1 section 3.1, Response]"],
			},
			{ file: "a.test.ts", name: "an id is not 0", tags: ["[3.1.1 MQTT-2.3.1-1]"] },
		]);
	});

	test("a statement of the server without a test is missing, one of the client is not", () => {
		const statement = { tag: "[MQTT-9.9.9-9]", text: "x", reason: undefined } as const;
		expect(stateOf({ ...statement, party: "server" }, [])).toBe("MISSING");
		expect(stateOf({ ...statement, party: "both" }, [])).toBe("MISSING");
		expect(stateOf({ ...statement, party: "client" }, [])).toBe("client");
		expect(stateOf({ ...statement, party: "moot", reason: "It cannot be." }, [])).toBe("no case");
	});
});
