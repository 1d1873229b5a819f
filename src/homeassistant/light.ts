import { parseJsonObject } from "../json/index.ts";
import { isWithin } from "./numbers.ts";

/** What a light can do. Neither brightness nor colours: it goes on and off. */
export interface LightCapabilities {
	readonly brightness?: boolean;
	/** White from warm to cold, in kelvin. */
	readonly colorTemperature?: { readonly min: number; readonly max: number };
	readonly rgb?: boolean;
	readonly effects?: readonly string[];
}

export interface RgbColor {
	/** Each 0–255. */
	readonly r: number;
	readonly g: number;
	readonly b: number;
}

/** What Home Assistant asks of a light: what is missing stays as it is. */
export interface LightCommand {
	readonly on: boolean;
	/** 0–255. */
	readonly brightness?: number;
	/** Kelvin. */
	readonly colorTemperature?: number;
	readonly color?: RgbColor;
	readonly effect?: string;
	/** Seconds that the change should take. */
	readonly transition?: number;
}

export type LightState = Omit<LightCommand, "transition">;

/** The colour modes of the JSON schema. `onoff` and `brightness` stand alone, as Home Assistant demands. */
export function colorModes(light: LightCapabilities): readonly string[] {
	const modes: string[] = [];
	if (light.colorTemperature !== undefined) modes.push("color_temp");
	if (light.rgb === true) modes.push("rgb");
	if (modes.length > 0) return modes;
	return [light.brightness === true ? "brightness" : "onoff"];
}

/** The state in Home Assistant's JSON schema for lights. */
export function lightPayload({ on, brightness, colorTemperature, color, effect }: LightState): string {
	return JSON.stringify({
		state: on ? "ON" : "OFF",
		brightness,
		color_mode: colorMode(color, colorTemperature),
		color_temp: colorTemperature,
		color,
		effect,
	});
}

// Home Assistant warns of a mode of colours that comes without them; the only mode of a light it knows from the discovery.
function colorMode(color: RgbColor | undefined, colorTemperature: number | undefined): string | undefined {
	if (color !== undefined) return "rgb";
	return colorTemperature === undefined ? undefined : "color_temp";
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads a command in the JSON schema for lights. Undefined: it is not one that this light can obey. */
export function parseLightCommand(light: LightCapabilities, text: string): LightCommand | undefined {
	const { state, brightness, color_temp: kelvin, color, effect, transition } = parseJsonObject(text) ?? {};
	if (state !== "ON" && state !== "OFF") return undefined;
	const command: Mutable<LightCommand> = { on: state === "ON" };
	if (brightness !== undefined) {
		if (!isWithin(brightness, 0, 255)) return undefined;
		command.brightness = brightness;
	}
	if (kelvin !== undefined) {
		const range = light.colorTemperature;
		if (range === undefined || !isWithin(kelvin, range.min, range.max)) return undefined;
		command.colorTemperature = kelvin;
	}
	if (color !== undefined) {
		if (light.rgb !== true || !isRgb(color)) return undefined;
		command.color = { r: color.r, g: color.g, b: color.b };
	}
	if (effect !== undefined) {
		if (typeof effect !== "string" || light.effects?.includes(effect) !== true) return undefined;
		command.effect = effect;
	}
	if (transition !== undefined) {
		if (!isWithin(transition, 0, Number.MAX_VALUE)) return undefined;
		command.transition = transition;
	}
	return command;
}

function isRgb(value: unknown): value is RgbColor {
	if (typeof value !== "object" || value === null) return false;
	const { r, g, b }: { r?: unknown; g?: unknown; b?: unknown } = value;
	return isWithin(r, 0, 255) && isWithin(g, 0, 255) && isWithin(b, 0, 255);
}
