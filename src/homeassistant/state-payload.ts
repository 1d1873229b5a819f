import { UsageError } from "../codec/index.ts";
import type { OptionalUnits } from "./device-class.ts";
import type { Entity, UpdateState } from "./entity.ts";
import { type LightState, lightPayload } from "./light.ts";
import { isWithin, numberOf } from "./numbers.ts";
import type { SensorEntity } from "./sensor.ts";

/** A state as the application gives it; which kind belongs to which platform, `statePayload` checks. Null: not known. */
export type EntityState = boolean | number | string | LightState | UpdateState | null;

/** What Home Assistant keeps of a text. */
const LONGEST = 255;
/** Device classes of sensors whose states are numbers also without a unit. */
const NUMERIC: readonly unknown[] = ["aqi", "monetary", "ph", "power_factor"] satisfies (keyof OptionalUnits)[];
/** Those whose states are a date or a time, as ISO 8601 writes it. */
const TEMPORAL: readonly unknown[] = ["date", "timestamp", "uptime"];

type KnownState = Exclude<EntityState, null>;

/** A state as Home Assistant reads it from the state topic. Throws UsageError if it is not one that the entity can have. */
export function statePayload(entity: Entity, state: EntityState): string {
	const payload = state === null ? unknownPayload(entity) : knownPayload(entity, state);
	if (payload !== undefined) return payload;
	throw new UsageError(`${JSON.stringify(state)} is no state of the ${entity.platform} "${entity.id}".`);
}

/** Where Home Assistant documents "None" for a state that is not known. To sensors of text, it is a text. */
function unknownPayload(entity: Entity): string | undefined {
	switch (entity.platform) {
		case "sensor":
			return saysNumbers(entity) || (entity.deviceClass ?? "enum") !== "enum" ? "None" : undefined;
		case "binary_sensor":
		case "switch":
		case "number":
		case "select":
			return "None";
		default:
			return undefined;
	}
}

function knownPayload(entity: Entity, state: KnownState): string | undefined {
	switch (entity.platform) {
		case "sensor":
			if (typeof state === "number" || typeof state === "string") return sensorPayload(entity, state);
			break;
		case "binary_sensor":
		case "switch":
			if (typeof state === "boolean") return state ? "ON" : "OFF";
			break;
		case "number":
			if (typeof state === "number" && state >= entity.min && state <= entity.max) return String(state);
			break;
		case "select":
			if (typeof state === "string" && entity.options.includes(state)) return state;
			break;
		case "text":
			if (typeof state === "string" && isWithin(state.length, entity.min ?? 0, entity.max ?? LONGEST)) return state;
			break;
		case "light":
			if (typeof state === "object" && "on" in state) return lightPayload(state);
			break;
		case "update":
			if (typeof state === "object" && "installedVersion" in state) return updatePayload(state);
			break;
		case "button":
		case "device_automation":
			throw new UsageError(`"${entity.id}" is a ${entity.platform}: it has no state.`);
	}
	return undefined;
}

function sensorPayload(sensor: SensorEntity, state: number | string): string | undefined {
	const text = String(state);
	if (sensor.options !== undefined) return sensor.options.includes(text) ? text : undefined;
	if (typeof state === "number" && TEMPORAL.includes(sensor.deviceClass)) return undefined;
	if (typeof state === "number" || saysNumbers(sensor)) return Number.isFinite(numberOf(text)) ? text : undefined;
	return text.length <= LONGEST ? text : undefined;
}

function saysNumbers({ deviceClass, unit, stateClass, precision }: SensorEntity): boolean {
	return (unit ?? stateClass ?? precision) !== undefined || NUMERIC.includes(deviceClass);
}

function updatePayload(state: UpdateState): string {
	const { installedVersion, latestVersion, inProgress = false, percentage = null, releaseSummary } = state;
	return JSON.stringify({
		installed_version: installedVersion,
		// Home Assistant takes text alone there, and would drop the whole message for a null.
		latest_version: latestVersion ?? undefined,
		in_progress: inProgress,
		update_percentage: percentage,
		release_summary: releaseSummary,
	});
}
