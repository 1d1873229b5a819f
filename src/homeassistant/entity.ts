import type { Seconds } from "../ports/index.ts";
import type { BinarySensorDeviceClass, DeviceClassUnits, OptionalUnits, Unlisted } from "./device-class.ts";
import type { EntityCommon } from "./entity-common.ts";
import type { LightCapabilities, LightCommand } from "./light.ts";
import type { SensorEntity } from "./sensor.ts";

export interface BinarySensorEntity extends EntityCommon {
	readonly platform: "binary_sensor";
	readonly category?: "diagnostic";
	readonly deviceClass?: BinarySensorDeviceClass | Unlisted;
	readonly expireAfter?: Seconds;
	/** Home Assistant turns it off by itself after so long. */
	readonly offDelay?: Seconds;
}

export interface SwitchEntity extends EntityCommon {
	readonly platform: "switch";
	readonly deviceClass?: "outlet" | "switch" | Unlisted;
	onCommand(on: boolean): void;
}

export interface LightEntity extends EntityCommon, LightCapabilities {
	readonly platform: "light";
	/** Home Assistant has no classes of them. */
	readonly deviceClass?: never;
	onCommand(command: LightCommand): void;
}

interface NumberCommon extends EntityCommon {
	readonly platform: "number";
	readonly min: number;
	readonly max: number;
	/** Default 1, at least 0.001. */
	readonly step?: number;
	/** How it is shown. Default `auto`. */
	readonly mode?: "auto" | "box" | "slider";
	onCommand(value: number): void;
}

interface NumberUnits extends DeviceClassUnits, OptionalUnits {}

interface Setpoint<DeviceClass extends keyof NumberUnits> extends NumberCommon {
	readonly deviceClass: DeviceClass;
	readonly unit?: NumberUnits[DeviceClass];
}

interface FreeNumber extends NumberCommon {
	readonly deviceClass?: Unlisted;
	readonly unit?: string;
}

/** A number to be set. Home Assistant converts the units that go with its device class, and shows any other as it is. */
export type NumberEntity =
	| { [DeviceClass in keyof NumberUnits]: Setpoint<DeviceClass> }[keyof NumberUnits]
	| FreeNumber;

export interface SelectEntity extends EntityCommon {
	readonly platform: "select";
	/** Home Assistant has no classes of them. */
	readonly deviceClass?: never;
	readonly options: readonly string[];
	onCommand(option: string): void;
}

export interface ButtonEntity extends EntityCommon {
	readonly platform: "button";
	readonly deviceClass?: "identify" | "restart" | "update" | Unlisted;
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
	readonly deviceClass?: "firmware" | Unlisted;
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
