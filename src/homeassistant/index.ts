export { CommandError } from "./command.ts";
export {
	HomeAssistantDevice,
	type HomeAssistantFault,
	type HomeAssistantOptions,
	type HomeAssistantPorts,
	type SharedReadings,
} from "./device.ts";
export type { Unlisted } from "./device-class.ts";
export type { DeviceInfo, Origin } from "./discovery.ts";
export type {
	BinarySensorEntity,
	ButtonEntity,
	Entity,
	LightEntity,
	NumberEntity,
	SelectEntity,
	SwitchEntity,
	TextEntity,
	TriggerEntity,
	UpdateEntity,
	UpdateState,
} from "./entity.ts";
export type { LightCapabilities, LightCommand, LightState, RgbColor } from "./light.ts";
export type { SensorEntity } from "./sensor.ts";
export type { EntityState } from "./state-payload.ts";
