import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Deadlines, Timer } from "../../../src/broker/deadlines.ts";
import { times } from "../../support/times.ts";

type Row = Timer<"test", number>;

function drain(table: Deadlines<Row>, now: number): number[] {
	const fired: number[] = [];
	for (let row = table.takeDue(now); row !== undefined; row = table.takeDue(now)) fired.push(row.owner);
	return fired;
}

describe("the table of deadlines", () => {
	test("fires what is due, the earliest first, and each once", () => {
		const table = new Deadlines<Row>();
		for (const at of [50, 10, 40, 20, 30]) table.set(new Timer("test", at), at);
		expect(table.next).toBe(10);
		expect(drain(table, 9)).toEqual([]);
		expect(drain(table, 30)).toEqual([10, 20, 30]);
		expect(drain(table, 1_000)).toEqual([40, 50]);
		expect(table.next).toBeUndefined();
	});

	test("a row that has fired or was cleared can be set again", () => {
		const table = new Deadlines<Row>();
		const row: Row = new Timer("test", 1);
		table.set(row, 10);
		table.clear(row);
		table.clear(row);
		expect([table.size, table.next, row.at]).toEqual([0, undefined, Number.POSITIVE_INFINITY]);
		table.set(row, 20);
		drain(table, 20);
		table.set(row, 30);
		expect(table.next).toBe(30);
	});

	test("agrees with a sorted list, whatever is set, moved and cleared", () => {
		const change = fc.record({ row: fc.nat(19), at: fc.option(fc.nat(100)) });
		fc.assert(
			fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
				const table = new Deadlines<Row>();
				const rows = times(20, (owner) => new Timer("test", owner));
				const model = new Map<number, number>();
				for (const { row, at } of changes) {
					const timer = rows[row] as Row;
					if (at === null) table.clear(timer);
					else table.set(timer, at);
					if (at === null) model.delete(row);
					else model.set(row, at);
					expect(table.next).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
				}
				const fired = drain(table, 100).map((owner) => model.get(owner));
				expect(fired).toEqual([...model.values()].sort((a, b) => a - b));
			}),
		);
	});
});
