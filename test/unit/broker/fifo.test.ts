import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Fifo } from "../../../src/broker/fifo.ts";

describe("Fifo", () => {
	test("behaves like an array that is pushed to and shifted from", () => {
		const step = fc.oneof(
			{ weight: 5, arbitrary: fc.record({ kind: fc.constant("push" as const), value: fc.nat(9) }) },
			{ weight: 5, arbitrary: fc.record({ kind: fc.constant("shift" as const) }) },
			fc.record({ kind: fc.constant("unshift" as const), values: fc.array(fc.nat(9), { maxLength: 5 }) }),
			fc.record({ kind: fc.constant("extract" as const), value: fc.nat(9) }),
			fc.record({ kind: fc.constant("clear" as const) }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
				const fifo = new Fifo<number>();
				const model: number[] = [];
				for (const action of steps) {
					if (action.kind === "push") {
						fifo.push(action.value);
						model.push(action.value);
					} else if (action.kind === "shift") {
						expect(fifo.shift()).toBe(model.shift());
					} else if (action.kind === "unshift") {
						fifo.unshift(action.values);
						model.unshift(...action.values);
					} else if (action.kind === "extract") {
						const taken = model.filter((value) => value === action.value);
						expect(fifo.extract((value) => value === action.value)).toEqual(taken);
						model.splice(0, model.length, ...model.filter((value) => value !== action.value));
					} else {
						fifo.clear();
						model.length = 0;
					}
					expect([fifo.size, fifo.first]).toEqual([model.length, model[0]]);
				}
				expect([...fifo.values()]).toEqual([...model]);
			}),
			{ numRuns: 50 },
		);
	});

	test("keeps the order through many items, whatever is still inside", () => {
		const fifo = new Fifo<number>();
		let next = 0;
		let expected = 0;
		for (let round = 0; round < 100; round++) {
			for (let count = 0; count < 7; count++) fifo.push(next++);
			for (let count = 0; count < 5; count++) if (fifo.shift() !== expected++) throw new Error("out of order");
		}
		expect(fifo.size).toBe(200);
		while (fifo.size > 0) if (fifo.shift() !== expected++) throw new Error("out of order");
		expect(expected).toBe(next);
		expect(fifo.shift()).toBeUndefined();
	});
});
