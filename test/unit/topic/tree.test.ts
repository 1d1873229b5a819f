import { describe, expect, test } from "@jest/globals";
import { FilterTrie, MAX_LEVELS, TopicTree } from "../../../src/topic/index.ts";

function found(match: (visit: (value: string) => void) => void): string[] {
	const values: string[] = [];
	match((value) => values.push(value));
	return values;
}

describe("a trie of filters", () => {
	test("gives each matching filter's value once", () => {
		const trie = new FilterTrie<string>();
		const filters = ["a/b", "a/+", "+/b", "+/+", "a/#", "#", "+/#", "a/b/#", "a", "b", "a/b/c", "/#"];
		for (const filter of filters) trie.set(filter, filter);
		expect(found((visit) => trie.match("a/b", visit)).sort()).toEqual(
			["a/b", "a/+", "+/b", "+/+", "a/#", "#", "+/#", "a/b/#"].sort(),
		);
		expect(found((visit) => trie.match("$a/b", visit))).toEqual([]);
	});

	test("replaces, removes and counts", () => {
		const trie = new FilterTrie<number>();
		trie.set("a/b", 1);
		trie.set("a/b", 2);
		trie.set("a", 3);
		expect([trie.size, trie.get("a/b"), trie.get("a"), trie.get("a/c"), trie.get("a/b/c")]).toEqual([
			2,
			2,
			3,
			undefined,
			undefined,
		]);
		expect(trie.delete("a/b/c")).toBe(false);
		expect(trie.delete("a/c")).toBe(false);
		expect(trie.delete("a/b")).toBe(true);
		expect(trie.delete("a/b")).toBe(false);
		expect([trie.size, trie.get("a")]).toEqual([1, 3]);
	});

	test("knows how many levels it holds", () => {
		const trie = new FilterTrie<number>();
		for (const filter of ["a/b/c", "a/b/d", "a", "+"]) trie.set(filter, 1);
		expect(trie.nodes).toBe(5);
		trie.delete("a/b/c");
		expect(trie.nodes).toBe(4);
		for (const filter of ["a", "a/b/d", "+"]) trie.delete(filter);
		expect(trie.nodes).toBe(0);
	});

	test("a removed branch leaves those beside and above it alone", () => {
		const trie = new FilterTrie<number>();
		for (const [index, filter] of ["a", "a/b/c/d", "a/b/x", "q"].entries()) trie.set(filter, index);
		trie.delete("a/b/c/d");
		expect([trie.get("a"), trie.get("a/b/x"), trie.get("q"), trie.size]).toEqual([0, 2, 3, 3]);
		trie.delete("a");
		expect(trie.get("a/b/x")).toBe(2);
	});

	test("of the greatest depth is searched", () => {
		const trie = new FilterTrie<string>();
		const plus = "+/".repeat(MAX_LEVELS - 1).concat("+");
		trie.set(plus, "deep");
		expect(found((visit) => trie.match("/".repeat(MAX_LEVELS - 1), visit))).toEqual(["deep"]);
	});
});

describe("a tree of topics", () => {
	const topics = ["a", "a/", "a/b", "a/b/c", "b", "/", "/a", "$SYS/a", "$SYS"];

	test.each([
		["a", ["a"]],
		["a/b", ["a/b"]],
		["+", ["a", "b"]],
		["a/+", ["a/", "a/b"]],
		["+/+", ["a/", "a/b", "/", "/a"]],
		["a/#", ["a", "a/", "a/b", "a/b/c"]],
		["#", ["a", "a/", "a/b", "a/b/c", "b", "/", "/a"]],
		["/+", ["/", "/a"]],
		["$SYS/#", ["$SYS", "$SYS/a"]],
		["$SYS/+", ["$SYS/a"]],
		["c/#", []],
	])("%p finds %p", (filter, expected) => {
		const tree = new TopicTree<string>();
		for (const topic of topics) tree.set(topic, topic);
		expect(found((visit) => tree.match(filter, visit)).sort()).toEqual([...expected].sort());
	});

	test("keeps the order in which siblings were added", () => {
		const tree = new TopicTree<string>();
		for (const topic of ["t/z", "t/a", "t/m"]) tree.set(topic, topic);
		expect(found((visit) => tree.match("t/+", visit))).toEqual(["t/z", "t/a", "t/m"]);
	});

	test("of the greatest depth is searched without a deep stack", () => {
		const tree = new TopicTree<string>();
		const name = "/".repeat(MAX_LEVELS - 1);
		tree.set(name, "deep");
		const filters = ["#", name, "+/".repeat(MAX_LEVELS - 1).concat("+")];
		for (const filter of filters) expect(found((visit) => tree.match(filter, visit))).toEqual(["deep"]);
	});
});
