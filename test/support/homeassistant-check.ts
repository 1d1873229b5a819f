import { topicNameFault } from "../../src/topic/index.ts";
import {
	ABBREVIATIONS,
	COMPONENTS,
	DEVICE,
	DEVICE_ABBREVIATIONS,
	type KeyType,
	ORIGIN,
	ORIGIN_ABBREVIATIONS,
	type Schema,
} from "../vectors/homeassistant-schema.ts";

export type Json = Record<string, unknown>;

const TYPES: Readonly<Record<KeyType, (value: unknown) => boolean>> = {
	boolean: (value) => typeof value === "boolean",
	"nullable string": (value) => value === null || typeof value === "string",
	number: (value) => typeof value === "number",
	string: (value) => typeof value === "string" && value !== "",
	strings: (value) => Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string"),
	topic: (value) => typeof value === "string" && topicNameFault(value) === undefined,
};

/** Takes a discovery payload apart as Home Assistant does, and lists all that its documentation does not allow. */
export function discoveryFaults(payload: string): string[] {
	const { device, origin, components, ...shared } = expand(JSON.parse(payload), ABBREVIATIONS);
	return [
		...faults("device", expand(device, DEVICE_ABBREVIATIONS), DEVICE),
		...faults("origin", expand(origin, ORIGIN_ABBREVIATIONS), ORIGIN),
		...faults("message", shared, { required: {}, optional: { availability_topic: "topic" } }),
		...Object.entries(components as Json).flatMap(([id, component]) => componentFaults(id, component)),
	];
}

/** The components of a discovery payload, with their keys in full. */
export function componentsOf(payload: string): Record<string, Json> {
	const { components } = expand(JSON.parse(payload), ABBREVIATIONS);
	return Object.fromEntries(
		Object.entries(components as Json).map(([id, component]) => [id, expand(component, ABBREVIATIONS)]),
	);
}

function componentFaults(id: string, component: unknown): string[] {
	const full = expand(component, ABBREVIATIONS);
	if (Object.keys(full).join() === "platform") return []; // a removal names the platform alone
	const schema = COMPONENTS[String(full.platform)];
	return schema === undefined ? [`${id}: no platform ${String(full.platform)}`] : faults(id, full, schema);
}

function faults(where: string, value: Json, { required, optional }: Schema): string[] {
	const types: Readonly<Record<string, KeyType>> = { ...required, ...optional };
	const missing = Object.keys(required).filter((key) => !(key in value));
	const wrong = Object.keys(value).filter((key) => {
		const type = types[key];
		return type === undefined || !TYPES[type](value[key]);
	});
	return [...missing.map((key) => `${where}: ${key} is missing`), ...wrong.map((key) => `${where}: ${key} is wrong`)];
}

function expand(value: unknown, abbreviations: Readonly<Record<string, string>>): Json {
	const entries = Object.entries(value as Json).map(([key, entry]) => [abbreviations[key] ?? key, entry] as const);
	return Object.fromEntries(entries);
}
