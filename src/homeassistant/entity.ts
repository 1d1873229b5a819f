import type { Seconds } from "../ports/index.ts";
import type { LightCapabilities, LightCommand } from "./light.ts";

interface EntityCommon {
	/** Letters, digits, `_` and `-`. Part of the unique id and of the topics: keep it when the name changes. */
	readonly id: string;
	/** Shown by Home Assistant behind the device's name. Null: the device's own name, for its one main feature. */
	readonly name: string | null;
	/** For instance `mdi:thermometer`. */
	readonly icon?: string;
	/** Default: a main feature of the device. */
	readonly category?: "config" | "diagnostic";
	readonly deviceClass?: string;
	/** False: hidden until the user enables it. */
	readonly enabledByDefault?: boolean;
	/** What Home Assistant calls it at first, for instance `sensor.kitchen_climate`. Default: made from the names. */
	readonly defaultEntityId?: string;
}

export interface SensorEntity extends EntityCommon {
	readonly platform: "sensor";
	/** Home Assistant has no sensors among the settings. */
	readonly category?: "diagnostic";
	/** As Home Assistant spells it: `°C`, `%`, `dBm`, `s`. Its list of units for each device class is not kept here. */
	readonly unit?: string;
	/** `measurement_angle` takes the unit `°`. */
	readonly stateClass?: "measurement" | "measurement_angle" | "total" | "total_increasing";
	/** Decimals that Home Assistant shows. */
	readonly precision?: number;
	/** Every value that a sensor of device class `enum` can have. It has no unit then, and no state class. */
	readonly options?: readonly string[];
	/** Unavailable when no state came for so long. */
	readonly expireAfter?: Seconds;
	/** Each state counts as a change, also when it is the same. */
	readonly forceUpdate?: boolean;
	/** Its state travels with those of others in one message: set it by `setShared`. */
	readonly shared?: boolean;
}

export interface BinarySensorEntity extends EntityCommon {
	readonly platform: "binary_sensor";
	readonly category?: "diagnostic";
	readonly expireAfter?: Seconds;
	/** Home Assistant turns it off by itself after so long. */
	readonly offDelay?: Seconds;
}

export interface SwitchEntity extends EntityCommon {
	readonly platform: "switch";
	onCommand(on: boolean): void;
}

export interface LightEntity extends EntityCommon, LightCapabilities {
	readonly platform: "light";
	/** Home Assistant has no classes of them. */
	readonly deviceClass?: never;
	onCommand(command: LightCommand): void;
}

export interface NumberEntity extends EntityCommon {
	readonly platform: "number";
	readonly min: number;
	readonly max: number;
	/** Default 1, at least 0.001. */
	readonly step?: number;
	readonly unit?: string;
	/** How it is shown. Default `auto`. */
	readonly mode?: "auto" | "box" | "slider";
	onCommand(value: number): void;
}

export interface SelectEntity extends EntityCommon {
	readonly platform: "select";
	/** Home Assistant has no classes of them. */
	readonly deviceClass?: never;
	readonly options: readonly string[];
	onCommand(option: string): void;
}

export interface ButtonEntity extends EntityCommon {
	readonly platform: "button";
	/** True: payloads other than Home Assistant's are taken too, for those who publish commands themselves. */
	readonly takesArgument?: boolean;
	/** `argument`: what was published; empty when Home Assistant pressed the button. */
	onCommand(argument: string): void;
}

export interface TextEntity extends EntityCommon {
	readonly platform: "text";
	/** Home Assistant has no classes of them. */
	readonly deviceClass?: never;
	/** Characters. Default 0. */
	readonly min?: number;
	/** Characters, at most 255. Default 255. */
	readonly max?: number;
	/** A regular expression, checked by Home Assistant. */
	readonly pattern?: string;
	readonly mode?: "text" | "password";
	onCommand(text: string): void;
}

export interface UpdateEntity extends EntityCommon {
	readonly platform: "update";
	readonly title?: string;
	readonly releaseUrl?: string;
	/** Without it, Home Assistant shows versions but no Install button. */
	readonly onCommand?: () => void;
}

/** A device trigger: something that happens and has no state, like a button that was pressed on the device. */
export interface TriggerEntity {
	readonly platform: "device_automation";
	readonly id: string;
	/** What happens: `button_short_press`, `button_long_press`, …, or a word of your own. */
	readonly type: string;
	/** What it happens to: `button_1`, …, or a word of your own. */
	readonly subtype: string;
}

export type Entity =
	| SensorEntity
	| BinarySensorEntity
	| SwitchEntity
	| LightEntity
	| NumberEntity
	| SelectEntity
	| ButtonEntity
	| TextEntity
	| UpdateEntity
	| TriggerEntity;

/** What an entity's state says. Buttons and triggers have none. */
export interface UpdateState {
	readonly installedVersion: string;
	/** Null: not known. */
	readonly latestVersion: string | null;
	/** Default false. */
	readonly inProgress?: boolean;
	/** Percent. Null: not known. */
	readonly percentage?: number | null;
	readonly releaseSummary?: string;
}
