import { UsageError } from "../codec/index.ts";
import type { Entity } from "./entity.ts";
import type { SensorEntity } from "./sensor.ts";

/** Throws UsageError for what the types allow and Home Assistant does not: it would drop the entity, and say so in its log alone. */
export function checkEntity(entity: Entity): void {
	const fault = faultOf(entity);
	if (fault !== undefined) throw new UsageError(`The ${entity.platform} "${entity.id}" ${fault}.`);
}

function faultOf(entity: Entity): string | undefined {
	switch (entity.platform) {
		case "sensor":
			return sensorFault(entity);
		case "number":
			if ((entity.step ?? 1) < 0.001) return "has a step below 0.001";
			return rangeFault(entity.min, entity.max);
		case "text":
			return rangeFault(entity.min ?? 0, entity.max ?? 255, 255);
		default:
			return undefined;
	}
}

function sensorFault({ options, deviceClass, unit, stateClass }: SensorEntity): string | undefined {
	if (stateClass === "measurement_angle" && unit !== "°") return "measures an angle: its unit must be °";
	if (options === undefined) return undefined;
	if (options.length > 0 && deviceClass === "enum" && (unit ?? stateClass) === undefined) return undefined;
	return 'has options: they take at least one, device class "enum", no unit, and no state class';
}

// NaN is in no range.
function rangeFault(min: number, max: number, limit = Number.POSITIVE_INFINITY): string | undefined {
	return min <= max && max <= limit ? undefined : `cannot be from ${min} to ${max}`;
}
