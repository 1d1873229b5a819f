import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { StoreProgress } from "../../hosts/hub/store-progress.ts";

beforeEach(() => {
	jest.useFakeTimers();
});
afterEach(() => {
	jest.useRealTimers();
});

/** Shows 1,000 rows, each of which takes so many milliseconds, and returns what was written. */
function load(milliseconds: number): string[] {
	const texts: string[] = [];
	const progress = new StoreProgress((text) => texts.push(text));
	for (let row = 1; row <= 1_000; row++) {
		jest.advanceTimersByTime(milliseconds);
		progress.show(row, 1_000);
	}
	return texts;
}

test("a store that is loaded quickly is not worth a word", () => {
	expect(load(0.4)).toEqual([]);
});

test("a store that takes its time says how far it is, not too often, and clears its line", () => {
	const texts = load(2);
	expect(texts[0]).toBe("\r\u001b[Kreading the store: 25 % of 1,000 rows");
	expect(texts.at(-1)).toBe("\r\u001b[K");
	expect(texts.length).toBeGreaterThan(10);
	expect(texts.length).toBeLessThan(18);
});
