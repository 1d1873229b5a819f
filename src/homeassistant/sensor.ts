import type { Seconds } from "../ports/index.ts";
import type { DeviceClassUnits, OptionalUnits, StateClass, StateClassOf, Unlisted } from "./device-class.ts";
import type { EntityCommon } from "./entity-common.ts";

interface SensorCommon extends EntityCommon {
	readonly platform: "sensor";
	/** Home Assistant has no sensors among the settings. */
	readonly category?: "diagnostic";
	/** Unavailable when no state came for so long. */
	readonly expireAfter?: Seconds;
	/** Each state counts as a change, also when it is the same. */
	readonly forceUpdate?: boolean;
	/** Its state travels with those of others in one message: set it by `setShared`. */
	readonly shared?: boolean;
}

interface Numeric extends SensorCommon {
	/** Decimals that Home Assistant shows. */
	readonly precision?: number;
	/** They belong to the device class `enum`. */
	readonly options?: never;
}

interface Quantity<DeviceClass extends keyof DeviceClassUnits> extends Numeric {
	readonly deviceClass: DeviceClass;
	readonly unit: DeviceClassUnits[DeviceClass];
	readonly stateClass?: StateClassOf<DeviceClass>;
}

interface Index<DeviceClass extends keyof OptionalUnits> extends Numeric {
	readonly deviceClass: DeviceClass;
	readonly unit?: OptionalUnits[DeviceClass];
	readonly stateClass?: StateClassOf<DeviceClass>;
}

interface Unclassified extends Numeric {
	readonly deviceClass?: never;
	readonly unit?: string;
	readonly stateClass?: Exclude<StateClass, "measurement_angle">;
}

interface Angle extends Numeric {
	readonly deviceClass?: never;
	readonly unit: "°";
	readonly stateClass: "measurement_angle";
}

interface Text extends SensorCommon {
	readonly unit?: never;
	readonly stateClass?: never;
	readonly precision?: never;
}

interface Time extends Text {
	readonly deviceClass: "date" | "timestamp" | "uptime";
	readonly options?: never;
}

interface OneOf extends Text {
	readonly deviceClass: "enum";
	/** Every value that it can have. */
	readonly options?: readonly string[];
}

interface UnlistedSensor extends SensorCommon {
	readonly deviceClass: Unlisted;
	readonly unit?: string;
	readonly stateClass?: StateClass;
	readonly precision?: number;
	readonly options?: readonly string[];
}

/**
 * A sensor, with the unit and the state class that go with its device class: Home Assistant drops it for another unit, and
 * complains of a missing one, and of another state class.
 */
export type SensorEntity =
	| { [DeviceClass in keyof DeviceClassUnits]: Quantity<DeviceClass> }[keyof DeviceClassUnits]
	| { [DeviceClass in keyof OptionalUnits]: Index<DeviceClass> }[keyof OptionalUnits]
	| Unclassified
	| Angle
	| Time
	| OneOf
	| UnlistedSensor;
