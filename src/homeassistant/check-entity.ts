import { UsageError } from "../codec/index.ts";
import type { Entity, TriggerEntity } from "./entity.ts";
import { isWithin } from "./numbers.ts";
import type { SensorEntity } from "./sensor.ts";

/**
 * Throws UsageError for what the types allow and Home Assistant does not, of one of the entities of a device: it would drop
 * the entity, and say so in its log alone.
 */
export function checkEntity(entity: Entity, entities: readonly Entity[]): void {
	const fault = faultOf(entity, entities);
	if (fault !== undefined) throw new UsageError(`The ${entity.platform} "${entity.id}" ${fault}.`);
}

function faultOf(entity: Entity, entities: readonly Entity[]): string | undefined {
	switch (entity.platform) {
		case "sensor":
			return sensorFault(entity);
		case "number":
			if (!isWithin(entity.step ?? 1, 0.001, Number.MAX_VALUE)) return "has a step below 0.001, or no number for it";
			return rangeFault(entity.min, entity.max, -Number.MAX_VALUE, Number.MAX_VALUE);
		case "text":
			return rangeFault(entity.min ?? 0, entity.max ?? 255, 0, 255);
		case "device_automation":
			return entities.some((other) => isSameTrigger(entity, other)) ? "has the type and subtype of another" : undefined;
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

function isSameTrigger(trigger: TriggerEntity, other: Entity): boolean {
	if (other === trigger || other.platform !== trigger.platform) return false;
	return other.type === trigger.type && other.subtype === trigger.subtype;
}

function rangeFault(min: number, max: number, least: number, most: number): string | undefined {
	return isWithin(min, least, max) && isWithin(max, min, most) ? undefined : `cannot be from ${min} to ${max}`;
}
