import { UsageError } from "../codec/index.ts";
import { type Component, componentOf } from "./component.ts";
import type { Entity } from "./entity.ts";
import type { DeviceTopics } from "./topics.ts";

/** Home Assistant drops the whole device for one that is none. */
type Url = `${"http" | "https" | "homeassistant"}://${string}`;

/** The device as Home Assistant's device registry shows it. */
export interface DeviceInfo {
	/** Letters, digits, `_` and `-`; never changes. The entities' unique ids begin with it. */
	readonly id: string;
	readonly name: string;
	readonly manufacturer?: string;
	readonly model?: string;
	readonly serialNumber?: string;
	readonly softwareVersion?: string;
	readonly hardwareVersion?: string;
	readonly suggestedArea?: string;
	/** A page to configure the device. */
	readonly configurationUrl?: Url;
}

/** Who publishes the discovery message: shown in Home Assistant's log when something is wrong with it. */
export interface Origin {
	readonly name: string;
	readonly softwareVersion?: string;
	readonly url?: Url;
}

/**
 * The device-based discovery message of Home Assistant (2024.11 and later): the device, its origin, and all entities in
 * one retained JSON document. A removed entity is named by its platform alone, which takes it out of the registry.
 */
export function discoveryPayload(
	device: DeviceInfo,
	origin: Origin,
	entities: Iterable<Entity>,
	removed: ReadonlyMap<string, Entity["platform"]> | undefined,
	topics: DeviceTopics,
): string {
	const cmps: Record<string, Component> = {};
	for (const entity of entities) cmps[entity.id] = componentOf(device.id, entity, topics);
	removed?.forEach((platform, id) => {
		cmps[id] = { p: platform };
	});
	return JSON.stringify({
		dev: {
			ids: [device.id],
			name: device.name,
			mf: device.manufacturer,
			mdl: device.model,
			sn: device.serialNumber,
			sw: device.softwareVersion,
			hw: device.hardwareVersion,
			sa: device.suggestedArea,
			cu: device.configurationUrl,
		},
		o: { name: origin.name, sw: origin.softwareVersion, url: origin.url },
		avty_t: topics.availability,
		cmps,
	});
}

/** Throws UsageError unless the id may be part of topics and unique ids: letters, digits, `_` and `-`. */
export function checkId(what: string, id: string): void {
	let isValid = id.length > 0;
	for (let index = 0; index < id.length; index++) isValid &&= isIdCharacter(id.charCodeAt(index));
	if (!isValid) throw new UsageError(`The ${what} "${id}" must consist of letters, digits, _ and -.`);
}

function isIdCharacter(code: number): boolean {
	const isDigit = code >= 0x30 && code <= 0x39;
	const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
	return isDigit || isLetter || code === 0x2d || code === 0x5f;
}
