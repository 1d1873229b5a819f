import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Message } from "../../../src/broker/message.ts";
import { RecordError, RecordReader } from "../../../src/broker/record-reader.ts";
import { RecordWriter } from "../../../src/broker/record-writer.ts";
import * as records from "../../../src/broker/records.ts";
import type { ProtocolVersion, QoS } from "../../../src/codec/index.ts";

const EPOCH = 1_700_000_000_000;
const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((each) => !each.includes("\0"));
const qos = fc.constantFrom<QoS>(0, 1, 2);

describe("stored values read back as they were written", () => {
	const writer = new RecordWriter(); // one for all, as in the broker

	test("messages", () => {
		const parts = fc.record({
			topic: fc.constantFrom("a", "a/b", "ü/😀"),
			payload: fc.uint8Array({ maxLength: 300 }),
			qos,
			retain: fc.boolean(),
			publisher: fc.option(text, { nil: undefined }),
			properties: fc.constantFrom(undefined, {
				contentType: "text/plain",
				correlationData: new Uint8Array([0, 255]),
				messageExpiryInterval: 60,
				payloadFormatIndicator: true,
				responseTopic: "r",
				userProperties: { a: ["1", "2"], b: "3" },
			}),
		});
		fc.assert(
			fc.property(parts, (each) => {
				const message = new Message(each, 1_000);
				const value = records.encodeMessage(writer, message, 11_000, EPOCH);
				const read = records.decodeMessage(value, 500, EPOCH + 10_500); // later, on a clock of its own
				expect(read).toMatchObject({
					topic: each.topic,
					qos: each.qos,
					retain: each.retain,
					publisher: each.publisher,
				});
				expect([...read.payload]).toEqual([...each.payload]);
				expect(read.expiresAt).toBe(message.expiresAt - 10_500);
				const remaining = each.properties === undefined ? undefined : { ...each.properties, messageExpiryInterval: 50 };
				expect(read.properties).toEqual(remaining);
			}),
		);
	});

	test("sessions", () => {
		const session = fc.record({
			clientId: text,
			version: fc.constantFrom<ProtocolVersion>(3, 4, 5),
			expiryInterval: fc.integer({ min: 1, max: 0xffff_ffff }),
			endsAt: fc.constantFrom(12_345, Number.POSITIVE_INFINITY),
			username: fc.option(text, { nil: undefined }),
		});
		fc.assert(
			fc.property(session, (each) => {
				expect(records.decodeSession(records.encodeSession(writer, each, EPOCH), EPOCH)).toEqual(each);
			}),
		);
	});

	test("wills", () => {
		const will = { topic: "t", payload: new Uint8Array([1]), qos: 2, retain: true } as const;
		for (const properties of [
			{ willDelayInterval: 0 },
			{ willDelayInterval: 7, contentType: "x", messageExpiryInterval: 9 },
		]) {
			const record = { clientId: "", username: undefined, will: { ...will, properties }, dueAt: 5_000 };
			expect(records.decodeWill(records.encodeWill(writer, record, EPOCH), EPOCH)).toEqual(record);
		}
	});

	test("subscriptions", () => {
		const subscription = fc.record({
			filter: text,
			qos,
			noLocal: fc.boolean(),
			retainAsPublished: fc.boolean(),
			identifier: fc.option(fc.integer({ min: 1, max: 268_435_455 }), { nil: undefined }),
			replaying: fc.boolean(),
		});
		fc.assert(
			fc.property(subscription, (each) => {
				expect(records.decodeSubscription(records.encodeSubscription(writer, each))).toEqual(each);
			}),
		);
	});

	test("deliveries", () => {
		const queued = fc.record({
			messageId: fc.maxSafeNat(),
			qos: fc.constantFrom(1, 2),
			retain: fc.boolean(),
			identifiers: fc.option(fc.array(fc.integer({ min: 1, max: 268_435_455 }), { minLength: 1, maxLength: 5 }), {
				nil: undefined,
			}),
			share: fc.option(text, { nil: undefined }),
			step: fc.constantFrom("queued", "publishSent", "relSent"),
			packetId: fc.nat(65_535),
			order: fc.maxSafeNat(),
		} as const);
		fc.assert(
			fc.property(queued, (each) => {
				const record = each as records.QueueRecord;
				expect(records.decodeQueued(records.encodeQueued(writer, record))).toEqual(record);
			}),
		);
	});

	test("those of different values do not run into each other, nor end at the edge of a block", () => {
		const values = [10, 16_380, 3, 20_000, 1, 0, 16_384].map((length, i) => new Uint8Array(length).fill(i));
		const written = values.map((value, i) => writer.byte(i).text(`${i}`).rest(value).finish());
		for (const [i, value] of values.entries()) {
			const reader = new RecordReader(written[i] ?? new Uint8Array());
			expect([reader.byte(), reader.text()]).toEqual([i, `${i}`]);
			expect(reader.rest()).toEqual(value);
		}
	});
});

test("a value that ends too early is an error", () => {
	expect(() => new RecordReader(new Uint8Array(3)).uint32()).toThrow(RecordError);
	expect(() => records.decodeQueued(new Uint8Array(60).fill(9))).toThrow(RecordError);
});
