import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Output } from "../../../src/broker/output.ts";
import { encodePublish, setDup, setMessageId } from "../../../src/codec/index.ts";
import { asText } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

/** As text: XS has no stack for comparing arrays of so many numbers. */
function joined(chunks: readonly Uint8Array[]): string {
	return chunks.map(asText).join("");
}

function publish(size: number): Uint8Array {
	const header = { topic: "a/b", qos: 1, retain: false, dup: false, messageId: 1, properties: undefined } as const;
	return encodePublish(header, new Uint8Array(size).fill(7), 4);
}

describe("output", () => {
	test("frames that lie next to each other become one view, without a copy", () => {
		const received = new Uint8Array(3_000).fill(1);
		const output = new Output();
		for (let at = 0; at < 3_000; at += 100) output.push(received.subarray(at, at + 100));
		expect(output.length).toBe(3_000);
		const chunks = output.take();
		expect(chunks.length).toBe(1);
		expect(chunks[0]?.buffer).toBe(received.buffer);
		expect([output.length, output.take()]).toEqual([0, []]);
	});

	test("small ones from here and there are copied together", () => {
		const output = new Output();
		for (const frame of times(200, (i) => new Uint8Array(20).fill(i))) output.push(frame);
		const chunks = output.take();
		expect(chunks.length).toBeLessThan(8);
		expect(joined(chunks)).toBe(times(200, (i) => String.fromCharCode(i).repeat(20)).join(""));
	});

	test("a large payload is not copied, only the head in which the message id is set", () => {
		const frame = publish(10_000);
		const before = frame.slice();
		const output = new Output();
		output.pushPublish(frame, 513, true);
		const chunks = output.take();
		expect(chunks.at(-1)?.buffer).toBe(frame.buffer);
		const expected = before.slice();
		setMessageId(expected, 513);
		setDup(expected);
		expect(joined(chunks)).toBe(asText(expected));
		expect(frame).toEqual(before);
	});

	test("keeps its own copy when it must wait", () => {
		const received = new Uint8Array(5_000).fill(1);
		const output = new Output();
		output.push(received.subarray(0, 2_000));
		output.pushPublish(publish(3_000), 2, false);
		const length = output.length;
		output.own();
		received.fill(9);
		expect(output.length).toBe(length);
		output.push(new Uint8Array([5]));
		const text = joined(output.take());
		expect(text.length).toBe(length + 1);
		expect([text[0], text[1_999], text.at(-1)]).toEqual(["\u0001", "\u0001", "\u0005"]);
		output.own();
		expect(output.take()).toEqual([]);
	});

	test("whatever is pushed, comes out in order", () => {
		const frame = fc.oneof(
			fc.record({ kind: fc.constant("adjacent"), length: fc.integer({ min: 1, max: 700 }) } as const),
			fc.record({ kind: fc.constant("alone"), length: fc.integer({ min: 1, max: 2_000 }) } as const),
			fc.record({ kind: fc.constant("publish"), length: fc.integer({ min: 0, max: 2_000 }) } as const),
			fc.record({ kind: fc.constant("own"), length: fc.constant(0) } as const),
		);
		fc.assert(
			fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
				const received = new Uint8Array(50_000).map((_, i) => i);
				const output = new Output();
				let expected = "";
				let at = 0;
				for (const [index, { kind, length }] of frames.entries()) {
					if (kind === "own") output.own();
					else if (kind === "publish") {
						const bytes = publish(length);
						output.pushPublish(bytes, index + 1, false);
						setMessageId(bytes, index + 1);
						expected += asText(bytes);
					} else {
						const bytes = kind === "alone" ? new Uint8Array(length).fill(index) : received.subarray(at, at + length);
						if (kind === "adjacent") at += length;
						output.push(bytes);
						expected += asText(bytes);
					}
				}
				expect(output.length).toBe(expected.length);
				expect(joined(output.take())).toBe(expected);
			}),
			{ numRuns: 60 },
		);
	});
});
