import { PUBLISH } from "./control.ts";
import { ProtocolError } from "./errors.ts";
import type { UserProperties } from "./packets.ts";
import { type PropertySpec, propertyById } from "./property-table.ts";
import type { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";

type Value = boolean | number | string | Uint8Array | readonly number[] | UserProperties | readonly string[];

/** Properties as they are read: by name, each of the type that its packet declares. */
export type ReadProperties = Record<string, Value>;

/**
 * Reads a property length and the properties after it (section 2.2.2); undefined when there are none. Refuses what does
 * not belong into a packet of this type, repetitions, and values out of range.
 */
export function readProperties(
	reader: Reader,
	packetType: number,
	maxUserProperties: number,
): ReadProperties | undefined {
	const length = reader.varint("the property length");
	if (length === 0) return undefined;
	const end = reader.end;
	if (reader.at + length > end) throw reader.malformed("its properties do not fit into the packet");
	reader.end = reader.at + length;
	const properties: ReadProperties = {};
	const pairs: string[] = [];
	while (reader.at < reader.end) readProperty(reader, packetType, properties, pairs, maxUserProperties);
	reader.end = end;
	if (pairs.length > 0) addUserProperties(properties, pairs);
	return properties;
}

function readProperty(
	reader: Reader,
	packetType: number,
	properties: ReadProperties,
	pairs: string[],
	maxUserProperties: number,
): void {
	const id = reader.varint("a property identifier");
	const spec = propertyById(id);
	if (spec === undefined) throw reader.malformed(`property 0x${id.toString(16)} does not exist`);
	if ((spec.packets & (1 << packetType)) === 0) throw reader.malformed(`${spec.name} is not a property of it`);
	if (spec.type === "pair") {
		if (pairs.length >= 2 * maxUserProperties) throw tooManyUserProperties(maxUserProperties);
		pairs.push(reader.text("a user property's name"), reader.text("a user property's value"));
		return;
	}
	const value = readValue(reader, spec);
	const previous = properties[spec.name];
	if (spec.name === "subscriptionIdentifier" && packetType === PUBLISH) {
		properties[spec.name] = [...((previous as readonly number[] | undefined) ?? []), value as number];
		return;
	}
	if (previous !== undefined) throw reader.protocolError(`${spec.name} stands there twice`);
	properties[spec.name] = value;
}

function tooManyUserProperties(limit: number): ProtocolError {
	return new ProtocolError(REASON.QUOTA_EXCEEDED, `A packet has more than ${limit} user properties.`);
}

function readValue(reader: Reader, spec: PropertySpec): boolean | number | string | Uint8Array {
	switch (spec.type) {
		case "text":
			return readText(reader, spec);
		case "binary":
			return reader.binary(spec.name);
		case "flag":
			return readBit(reader, spec) === 1;
		case "byte":
			return readBit(reader, spec);
		default:
			return readNumber(reader, spec);
	}
}

function readBit(reader: Reader, spec: PropertySpec): number {
	const value = reader.byte(spec.name);
	if (value > 1) throw reader.protocolError(`${spec.name} is ${value}; it may be 0 or 1`);
	return value;
}

function readText(reader: Reader, spec: PropertySpec): string {
	const text = reader.text(spec.name);
	// [MQTT-3.3.2-14] a response topic is a topic name.
	if (spec.name === "responseTopic" && (text.includes("+") || text.includes("#"))) {
		throw new ProtocolError(REASON.TOPIC_NAME_INVALID, "The response topic contains a wildcard.");
	}
	return text;
}

function readNumber(reader: Reader, spec: PropertySpec): number {
	const value = readUnsigned(reader, spec);
	if (value >= spec.least) return value;
	// [MQTT-3.3.2-8] section 3.3.4 gives a topic alias of 0 a reason code of its own.
	if (spec.name === "topicAlias") throw new ProtocolError(REASON.TOPIC_ALIAS_INVALID, "The topic alias is 0.");
	throw reader.protocolError(`${spec.name} is 0, which is not allowed`);
}

function readUnsigned(reader: Reader, spec: PropertySpec): number {
	if (spec.type === "uint16") return reader.uint16(spec.name);
	if (spec.type === "uint32") return reader.uint32(spec.name);
	return reader.varint(spec.name);
}

function addUserProperties(properties: ReadProperties, pairs: readonly string[]): void {
	// Without a prototype: a property may be called "__proto__".
	const byName: Record<string, string | string[]> = Object.create(null);
	for (let i = 0; i < pairs.length; i += 2) {
		const name = pairs[i] as string;
		const value = pairs[i + 1] as string;
		const previous = byName[name];
		if (previous === undefined) byName[name] = value;
		else if (typeof previous === "string") byName[name] = [previous, value];
		else previous.push(value);
	}
	properties.userProperties = byName;
	if (!keepsOrder(byName, pairs)) properties.userPropertyOrder = pairs;
}

/** Whether walking through `byName` meets the pairs in the order of `pairs`: not if names alternate or are integers. */
function keepsOrder(byName: UserProperties, pairs: readonly string[]): boolean {
	let i = 0;
	for (const name of Object.keys(byName)) {
		const values = byName[name] as string | readonly string[];
		const count = typeof values === "string" ? 1 : values.length;
		for (let k = 0; k < count; k++, i += 2) if (pairs[i] !== name) return false;
	}
	return true;
}

