import { describe, expect, test } from "@jest/globals";
import { Journal } from "../../../src/broker/journal.ts";

const VALUE = new Uint8Array(10);

describe("the journal", () => {
	test("gathers writes into batches, numbered in order", () => {
		const journal = new Journal();
		expect(journal.take()).toBeUndefined();
		journal.put("retained", [1], VALUE);
		journal.delete("session", [2]);
		expect([journal.open, journal.count]).toEqual([1, 2]);
		expect(journal.take()).toMatchObject({ batch: 1, writes: [{ kind: "put" }, { kind: "delete" }] });
		expect(journal.take()).toBeUndefined();
		journal.put("retained", [3], VALUE);
		expect([journal.open, journal.take()?.batch]).toEqual([2, 2]);
	});

	test("is in no hurry with retained messages alone", () => {
		const journal = new Journal();
		const retain = (key: number) => {
			journal.put("message", [key], VALUE);
			journal.put("retained", [key], VALUE);
			journal.delete("retained", [key - 1]);
		};
		retain(1);
		expect(journal.take()?.isUrgent).toBe(false);
		retain(2);
		journal.delete("queue", [1, 1]);
		retain(3);
		expect(journal.take()?.isUrgent).toBe(true);
		retain(4);
		expect(journal.take()?.isUrgent).toBe(false);
		journal.put("session", [1], VALUE);
		expect(journal.take()?.isUrgent).toBe(true);
		retain(5);
		journal.hurry();
		expect([journal.take()?.isUrgent, journal.take()]).toEqual([true, undefined]);
		journal.hurry(); // with nothing
		retain(6);
		expect(journal.take()?.isUrgent).toBe(false);
	});

	test("knows what is durable, and how much is not", () => {
		const journal = new Journal();
		for (let i = 0; i < 3; i++) {
			journal.put("retained", [i], VALUE);
			journal.take();
		}
		const pending = journal.uncommittedBytes;
		expect(journal.commit(1)).toBe(true);
		expect(journal.committed).toBe(1);
		expect(journal.uncommittedBytes).toBe((pending / 3) * 2);
		expect(journal.commit(3)).toBe(true);
		expect([journal.committed, journal.uncommittedBytes]).toEqual([3, 0]);
	});

	test("passes over a commit that it knows, or of a batch that nobody has", () => {
		const journal = new Journal();
		journal.put("retained", [1], VALUE);
		expect(journal.commit(1)).toBe(false);
		journal.take();
		expect([journal.commit(2), journal.commit(1), journal.commit(1)]).toEqual([false, true, false]);
	});
});
