import { describe, expect, test } from "@jest/globals";
import { UsageError } from "../../../src/codec/index.ts";
import type { Entity, EntityState } from "../../../src/homeassistant/index.ts";
import { Home, text } from "../../support/homeassistant-home.ts";

const id = "x";
const name = "X";
const onCommand = () => {};
const CELSIUS: Entity = { platform: "sensor", id, name, deviceClass: "temperature", unit: "°C" };
const AIR: Entity = { platform: "sensor", id, name, deviceClass: "aqi" };
const BOOT: Entity = { platform: "sensor", id, name, deviceClass: "uptime" };
const DIGITS: Entity = { platform: "sensor", id, name, deviceClass: "enum", options: ["1", "2"] };
const WORDS: Entity = { platform: "sensor", id, name };
const PIN: Entity = { platform: "text", id, name, min: 4, onCommand };
const COLORS: Entity = { platform: "light", id, name, rgb: true, onCommand };
const WHITES: Entity = { platform: "light", id, name, colorTemperature: { min: 2_000, max: 6_500 }, onCommand };
const DIMMED: Entity = { platform: "light", id, name, brightness: true, onCommand };

function published(entity: Entity, state: EntityState): string {
	const home = new Home({ entities: [entity] });
	home.device.setState(id, state);
	return text(home.online().at(-1));
}

describe("states that Home Assistant takes", () => {
	test.each<[string, Entity, EntityState, string]>([
		["a number", CELSIUS, 21.5, "21.5"],
		["a number with its decimals", CELSIUS, "21.50", "21.50"],
		["an index that is not known", AIR, null, "None"],
		["a time that is not known", BOOT, null, "None"],
		["an index", AIR, 40, "40"],
		["a time", BOOT, "2026-11-23T04:00:00Z", "2026-11-23T04:00:00Z"],
		["a number that is an option", DIGITS, 2, "2"],
		["the longest text", WORDS, "x".repeat(255), "x".repeat(255)],
		["the shortest text", PIN, "1234", "1234"],
		[
			"a colour",
			COLORS,
			{ on: true, color: { r: 255, g: 0, b: 0 } },
			'{"state":"ON","color_mode":"rgb","color":{"r":255,"g":0,"b":0}}',
		],
		[
			"a white",
			WHITES,
			{ on: true, colorTemperature: 2_700 },
			'{"state":"ON","color_mode":"color_temp","color_temp":2700}',
		],
	])("%s", (_what, entity, state, payload) => {
		expect(published(entity, state)).toEqual(payload);
	});

	// It warns of a mode of colours without a colour, and knows the mode of a light that has one alone.
	test.each<[string, Entity]>([
		["colours", COLORS],
		["whites", WHITES],
		["brightness", DIMMED],
	])("a light of %s says no mode without a colour", (_what, entity) => {
		expect(published(entity, { on: true, brightness: 9 })).toBe('{"state":"ON","brightness":9}');
		expect(published(entity, { on: false })).toBe('{"state":"OFF"}');
	});
});

describe("states that Home Assistant would drop are refused", () => {
	test.each<[string, Entity, EntityState]>([
		["words for a number", CELSIUS, "n/a"],
		["nothing for a number", CELSIUS, " "],
		["words for an index, which has no unit", AIR, "high"],
		["seconds for a time", BOOT, 1_795_400_000],
		["a number that is none", WORDS, Number.NaN],
		["a number that is no option", DIGITS, 3],
		["an option that is not known", DIGITS, null],
		["a text that is too long", WORDS, "x".repeat(256)],
		["a text that is too short", PIN, "123"],
	])("%s", (_what, entity, state) => {
		expect(() => published(entity, state)).toThrow(UsageError);
	});
});
