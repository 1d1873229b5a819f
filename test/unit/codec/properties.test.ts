import { describe, expect, test } from "@jest/globals";
import {
	CLIENT,
	Decoder,
	encodePublish,
	ProtocolError,
	type PublishProperties,
	REASON,
} from "../../../src/codec/index.ts";
import { PROPERTIES } from "../../../src/codec/property-table.ts";

const NOTHING = new Uint8Array(0);

function frame(properties: PublishProperties): Uint8Array {
	return encodePublish({ topic: "t", qos: 0, retain: false, dup: false, messageId: undefined, properties }, NOTHING, 5);
}

function decoded(bytes: Uint8Array, maxUserProperties?: number): PublishProperties | undefined {
	const limit = maxUserProperties === undefined ? {} : { maxUserProperties };
	const decoder = new Decoder({ role: CLIENT, maxPacket: 1_000_000, ...limit });
	decoder.version = 5;
	decoder.push(bytes);
	const packet = decoder.next();
	if (packet?.cmd !== "publish") throw new Error("no publish");
	return packet.properties;
}

describe("user properties", () => {
	test("named like what every object has are properties like any other", () => {
		const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", ""];
		const userPropertyOrder = names.flatMap((name) => [name, "evil"]);
		const userProperties = decoded(frame({ userPropertyOrder }))?.userProperties ?? {};
		expect(Object.getPrototypeOf(userProperties)).toBeNull();
		expect(Object.keys(userProperties)).toEqual(names);
		expect(Object.values(userProperties)).toEqual(names.map(() => "evil"));
		expect(({} as Record<string, unknown>).evil).toBeUndefined();
		expect(decoded(frame({ userProperties }))?.userProperties).toEqual(userProperties);
	});

	test("keep the order on the wire when they are encoded again [MQTT-3.3.2-18]", () => {
		for (const userPropertyOrder of [
			["a", "1", "b", "2", "a", "3"],
			["2", "x", "1", "y"],
			["a", "", "a", "", "b", "", "a", ""],
		]) {
			const properties = decoded(frame({ userPropertyOrder }));
			expect(properties?.userPropertyOrder).toEqual(userPropertyOrder);
			expect(frame({ ...properties })).toEqual(frame({ userPropertyOrder }));
		}
	});

	test("that show their order do not say it twice", () => {
		const properties = decoded(frame({ userPropertyOrder: ["a", "1", "a", "2", "b", "3"] }));
		expect(properties).toEqual({ userProperties: { a: ["1", "2"], b: "3" } });
	});

	test("are refused over the limit, with the limit in the message", () => {
		const properties = { userProperties: { a: ["1", "2"], b: "3" } };
		expect(decoded(frame(properties), 3)).toEqual(properties);
		let error: unknown;
		try {
			decoded(frame(properties), 2);
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(ProtocolError);
		expect(error).toMatchObject({ reasonCode: REASON.QUOTA_EXCEEDED, message: expect.stringContaining("2") });
	});

	test("have no limit of their own otherwise", () => {
		const values = new Array<string>(10_000).fill("v");
		expect(decoded(frame({ userProperties: { k: values } }))?.userProperties?.k).toHaveLength(10_000);
	});
});

test("ten thousand subscription identifiers are read in one go", () => {
	const subscriptionIdentifier = Array.from({ length: 10_000 }, (_, index) => index + 1);
	const read = decoded(frame({ subscriptionIdentifier }))?.subscriptionIdentifier;
	expect(read?.join()).toBe(subscriptionIdentifier.join());
});

describe("the table of properties", () => {
	test("is that of section 2.2.2.2", () => {
		const ids = [1, 2, 3, 8, 9, 11, 17, 18, 19, 21, 22, 23, 24, 25, 26, 28, 31, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42];
		expect(PROPERTIES.map(({ id }) => id)).toEqual(ids);
		expect(new Set(PROPERTIES.map(({ name }) => name)).size).toBe(ids.length);
	});
});
