import { PUBLISH, WILL } from "./control.ts";
import { ProtocolError } from "./errors.ts";
import { packetFault } from "./packet-fault.ts";
import type { UserProperties } from "./packets.ts";
import { type PropertySpec, propertyById } from "./property-table.ts";
import * as types from "./property-type.ts";
import type { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";
import type { Rules } from "./rules.ts";
import { refuseTopicName } from "./topic-name.ts";
import { pairsOf } from "./user-properties.ts";

type Scalar = boolean | number | string | Uint8Array;

/** By name. The table gives each the type that the packet's interface declares, so `readProperties` may say so. */
type ReadProperties = Record<string, Scalar | number[] | readonly string[] | UserProperties>;

export type PropertiesOf<P extends { readonly properties?: object | undefined }> = NonNullable<P["properties"]>;

/**
 * Reads a property length and the properties after it (section 2.2.2); undefined when there are none, as always before
 * version 5. Refuses what does not belong into the packet, repetitions, values out of range, and too many user properties.
 */
export function readProperties<P extends { readonly properties?: object | undefined }>(
	reader: Reader,
	rules: Rules,
	of = reader.packetType,
): PropertiesOf<P> | undefined {
	if (rules.version !== 5) return undefined;
	const length = reader.varint("the property length");
	if (length === 0) return undefined;
	if (length > reader.left) throw reader.malformed("its properties do not fit into the packet");
	const end = reader.end;
	reader.end = reader.at + length;
	const properties: ReadProperties = {};
	const pairs: string[] = [];
	while (reader.left > 0) {
		const spec = readIdentifier(reader, of);
		if (spec.type !== types.PAIR) addProperty(properties, spec, reader, of);
		else if (pairs.length < 2 * rules.maxUserProperties) pairs.push(reader.text(spec.name), reader.text(spec.name));
		else throw tooManyUserProperties(rules.maxUserProperties);
	}
	reader.end = end;
	if (pairs.length > 0) addUserProperties(properties, pairs);
	return properties;
}

/** The packet with its properties, if there are any. */
export function withProperties<P extends { readonly properties?: object | undefined }>(
	packet: NoInfer<P>,
	properties: PropertiesOf<NoInfer<P>> | undefined,
): P {
	return properties === undefined ? packet : { ...packet, properties };
}

function readIdentifier(reader: Reader, of: number): PropertySpec {
	const id = reader.varint("a property identifier");
	const spec = propertyById(id);
	if (spec === undefined) throw reader.malformed(`there is no property 0x${id.toString(16)}`);
	if ((spec.packets & (1 << of)) === 0) {
		throw reader.malformed(`${spec.name} is no property of ${of === WILL ? "a will" : "this packet"}`);
	}
	return spec;
}

function addProperty(properties: ReadProperties, spec: PropertySpec, reader: Reader, of: number): void {
	const value = readValue(reader, spec);
	const previous = properties[spec.name];
	if (spec.name === "subscriptionIdentifier" && of === PUBLISH) {
		// One for each subscription that matched: the only property besides user properties that may be repeated.
		if (previous === undefined) properties[spec.name] = [value as number];
		else (previous as number[]).push(value as number);
		return;
	}
	if (previous !== undefined) throw reader.protocolError(`${spec.name} stands there twice`);
	properties[spec.name] = value;
}

function readValue(reader: Reader, spec: PropertySpec): Scalar {
	switch (spec.type) {
		case types.TEXT:
			return readText(reader, spec);
		case types.BINARY:
			return reader.binary(spec.name);
		case types.FLAG:
			return readBit(reader, spec) === 1;
		case types.BIT:
			return readBit(reader, spec);
		default:
			return readNumber(reader, spec);
	}
}

function readText(reader: Reader, spec: PropertySpec): string {
	const text = reader.text(spec.name);
	if (spec.name === "responseTopic") refuseTopicName(reader, text, "the response topic"); // [MQTT-3.3.2-14]
	return text;
}

function readBit(reader: Reader, spec: PropertySpec): number {
	const value = reader.byte(spec.name);
	if (value > 1) throw reader.protocolError(`${spec.name} is ${value}; it may be 0 or 1`);
	return value;
}

function readNumber(reader: Reader, spec: PropertySpec): number {
	const value = readUnsigned(reader, spec);
	if (value > 0 || !spec.positive) return value;
	// Section 3.3.4 gives a topic alias of 0 [MQTT-3.3.2-8] a reason code of its own.
	if (spec.name === "topicAlias") throw packetFault(PUBLISH, REASON.TOPIC_ALIAS_INVALID, "the topic alias is 0");
	throw reader.protocolError(`${spec.name} is 0`);
}

function readUnsigned(reader: Reader, spec: PropertySpec): number {
	if (spec.type === types.UINT16) return reader.uint16(spec.name);
	if (spec.type === types.UINT32) return reader.uint32(spec.name);
	return reader.varint(spec.name);
}

function tooManyUserProperties(limit: number): ProtocolError {
	return new ProtocolError(REASON.QUOTA_EXCEEDED, `A packet has more than ${limit} user properties.`);
}

function addUserProperties(properties: ReadProperties, pairs: readonly string[]): void {
	const byName = Object.create(null) as Record<string, string | string[]>;
	for (let i = 0; i < pairs.length; i += 2) {
		const name = pairs[i] as string;
		const value = pairs[i + 1] as string;
		const previous = byName[name];
		if (previous === undefined) byName[name] = value;
		else if (typeof previous === "string") byName[name] = [previous, value];
		else previous.push(value);
	}
	properties.userProperties = byName;
	// Not so when names alternate or are integers.
	const showsOrder = pairsOf(byName).every((each, at) => each === pairs[at]);
	if (!showsOrder) properties.userPropertyOrder = pairs;
}
