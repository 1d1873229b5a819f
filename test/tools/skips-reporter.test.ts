import { describe, expect, test } from "@jest/globals";
import { skippedIn } from "../../tools/jest/skips-reporter.ts";

const testOf = (status: string, ...titles: readonly string[]) => ({
	status,
	title: titles.at(-1) ?? "",
	ancestorTitles: titles.slice(0, -1),
});
// Each file runs on two engines.
const skippedOf = (...testResults: readonly ReturnType<typeof testOf>[]) =>
	skippedIn([1, 2].map(() => ({ testFilePath: "/somewhere/peers.test.ts", testResults })));

describe("what a run of the tests says of those that it skipped", () => {
	test("names a group of which nothing ran once", () => {
		const lines = skippedOf(testOf("pending", "with X", "in 5", "a"), testOf("pending", "with X", "in 3.1", "a"));
		expect(lines).toEqual(["  peers.test.ts: with X\n"]);
	});

	test("names tests, and groups in a group, beside others that ran", () => {
		const lines = skippedOf(
			testOf("pending", "peers", "X", "a"),
			testOf("pending", "peers", "X", "b"),
			testOf("pending", "peers", "needs Y"),
			testOf("passed", "peers", "c"),
			testOf("pending", "alone"),
		);
		expect(lines).toEqual(["alone", "peers › X", "peers › needs Y"].map((name) => `  peers.test.ts: ${name}\n`));
	});

	test("tells groups of one name in different groups apart", () => {
		const lines = skippedOf(testOf("pending", "X", "MQTT 5", "a"), testOf("passed", "Y", "MQTT 5", "a"));
		expect(lines).toEqual(["  peers.test.ts: X\n"]);
	});

	test("says nothing when all ran", () => {
		expect(skippedOf(testOf("passed", "a"), testOf("failed", "b", "c"))).toEqual([]);
	});
});
