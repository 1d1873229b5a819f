import { PUBLISH, WILL } from "./control.ts";
import { UsageError } from "./errors.ts";
import type { OrderedUserProperties } from "./packets.ts";
import { type PropertySpec, propertyByName } from "./property-table.ts";
import * as types from "./property-type.ts";
import { checkTopicName } from "./topic-name.ts";
import { pairsOf } from "./user-properties.ts";
import { MAX_VARINT } from "./varint.ts";
import { Writer } from "./writer.ts";

const USER_PROPERTY = 0x26;

/**
 * The properties of a packet (section 2.2.2) without their length, user properties last. `of` is the control packet
 * type, or WILL. Throws UsageError for what such a packet cannot have.
 */
export function encodeProperties(properties: object, of: number): Uint8Array {
	const writer = new Writer();
	const { userProperties = {}, userPropertyOrder } = properties as OrderedUserProperties;
	Object.keys(properties).forEach((name) => {
		if (name === "userProperties" || name === "userPropertyOrder") return;
		writeProperty(writer, name, (properties as Readonly<Record<string, unknown>>)[name], of);
	});
	writeUserProperties(writer, userPropertyOrder ?? pairsOf(userProperties));
	return writer.written;
}

/** The properties of a packet after their length. */
export function writeProperties(writer: Writer, properties: object, of: number): void {
	const encoded = encodeProperties(properties, of);
	writer.varint(encoded.length);
	writer.raw(encoded);
}

function writeProperty(writer: Writer, name: string, value: unknown, of: number): void {
	if (value === undefined) return;
	const spec = propertyByName(name);
	if (spec === undefined) throw new UsageError(`There is no property "${name}" in MQTT 5.`);
	if ((spec.packets & (1 << of)) === 0) {
		throw new UsageError(`${name} is no property of ${of === WILL ? "a will" : "this packet"}.`);
	}
	if (of === PUBLISH && name === "subscriptionIdentifier") writeEach(writer, spec, value);
	else writeValue(writer, spec, value);
}

function writeEach(writer: Writer, spec: PropertySpec, values: unknown): void {
	if (!Array.isArray(values)) throw mustBe(spec, "an array of numbers");
	values.forEach((value) => {
		writeValue(writer, spec, value);
	});
}

function writeValue(writer: Writer, spec: PropertySpec, value: unknown): void {
	writer.byte(spec.id);
	switch (spec.type) {
		case types.TEXT:
			if (spec.name === "responseTopic") checkTopicName(String(value), spec.name); // [MQTT-3.3.2-14]
			return writer.text(value as string, spec.name);
		case types.BINARY:
			return writer.binary(value as Uint8Array, spec.name);
		case types.FLAG:
			if (typeof value !== "boolean") throw mustBe(spec, "a boolean");
			return writer.byte(value ? 1 : 0);
		case types.BIT:
			if (value !== 0 && value !== 1) throw mustBe(spec, "0 or 1");
			return writer.byte(value);
		case types.UINT16:
			return writer.uint16(checkedNumber(spec, value, 0xffff));
		case types.UINT32:
			return writer.uint32(checkedNumber(spec, value, 0xffff_ffff));
		default:
			return writer.varint(checkedNumber(spec, value, MAX_VARINT));
	}
}

function checkedNumber(spec: PropertySpec, value: unknown, largest: number): number {
	const least = spec.positive ? 1 : 0;
	if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= largest) return value;
	throw mustBe(spec, `an integer from ${least} to ${largest}`);
}

function mustBe(spec: PropertySpec, what: string): UsageError {
	return new UsageError(`${spec.name} must be ${what}.`);
}

function writeUserProperties(writer: Writer, pairs: readonly string[]): void {
	for (let i = 0; i < pairs.length; i += 2) {
		writer.byte(USER_PROPERTY);
		writer.text(pairs[i] as string, "A user property's name");
		writer.text(pairs[i + 1] as string, `User property "${pairs[i]}"`);
	}
}
