import { describe, expect, test } from "@jest/globals";
import type { Entity, Unlisted } from "../../../src/homeassistant/index.ts";
import { componentsOf, discoveryFaults } from "../../support/homeassistant-check.ts";
import { Home, text } from "../../support/homeassistant-home.ts";

const sensor = { platform: "sensor", id: "a", name: "A" } as const;
const onCommand = () => {};
const number = { platform: "number", id: "b", name: "B", min: 0, max: 9, onCommand } as const;
const button = { platform: "button", id: "c", name: "C", onCommand } as const;

function discovered(entities: readonly Entity[]): string {
	return text(new Home({ entities }).online()[0]);
}

/** As an application reads them from a file. */
const ROWS: readonly { readonly id: string; readonly deviceClass: string; readonly unit: string }[] = [
	{ id: "flux", deviceClass: "magnetic_flux", unit: "mWb" },
	{ id: "warmth", deviceClass: "temperature", unit: "mK" },
];

describe("the types know of Home Assistant's device classes", () => {
	test("units and state classes that go with them", () => {
		const entities: readonly Entity[] = [
			{ ...sensor, id: "1", deviceClass: "temperature", unit: "°C", stateClass: "measurement", precision: 1 },
			{ ...sensor, id: "2", deviceClass: "energy", unit: "kWh", stateClass: "total_increasing" },
			{ ...sensor, id: "3", deviceClass: "weight", unit: "g", stateClass: "total" },
			{ ...sensor, id: "4", deviceClass: "pm25", unit: "\u00b5g/m³" },
			{ ...sensor, id: "5", deviceClass: "pm25", unit: "\u03bcg/m³" },
			{ ...sensor, id: "6", deviceClass: "aqi", stateClass: "measurement" },
			{ ...sensor, id: "7", deviceClass: "power_factor" },
			{ ...sensor, id: "8", deviceClass: "monetary", unit: "EUR", stateClass: "total" },
			{ ...sensor, id: "9", deviceClass: "wind_direction", unit: "°", stateClass: "measurement_angle" },
			{ ...sensor, id: "10", deviceClass: "timestamp" },
			{ ...sensor, id: "11", deviceClass: "enum", options: ["wash", "spin"] },
			{ ...sensor, id: "12", unit: "turns", stateClass: "total" },
			{ ...sensor, id: "13", unit: "°", stateClass: "measurement_angle" },
			{ ...number, id: "14", deviceClass: "duration", unit: "s" },
			{ ...number, id: "15", deviceClass: "duration" },
			{ ...number, id: "16", unit: "turns" },
		];
		expect(discoveryFaults(discovered(entities))).toEqual([]);
	});

	// The compiler is the test: each of these must be an error.
	test.each<[string, Entity]>([
		// @ts-expect-error Home Assistant spells it °C.
		["a unit of another spelling", { ...sensor, deviceClass: "temperature", unit: "C" }],
		// @ts-expect-error Amperes are of no temperature.
		["a unit of something else", { ...sensor, deviceClass: "temperature", unit: "A" }],
		// @ts-expect-error Home Assistant takes this µ before other units, not before this one.
		["the other µ", { ...sensor, deviceClass: "current", unit: "\u00b5A" }],
		// @ts-expect-error A temperature has a unit.
		["no unit", { ...sensor, deviceClass: "temperature" }],
		// @ts-expect-error An index has none.
		["a unit where there is none", { ...sensor, deviceClass: "aqi", unit: "%" }],
		// @ts-expect-error A time is no number.
		["a unit for what is no number", { ...sensor, deviceClass: "timestamp", unit: "s" }],
		// @ts-expect-error Energy adds up.
		["a state class of something else", { ...sensor, deviceClass: "energy", unit: "kWh", stateClass: "measurement" }],
		// @ts-expect-error Angles are in degrees.
		["an angle in radians", { ...sensor, unit: "rad", stateClass: "measurement_angle" }],
		// @ts-expect-error Options are for the device class enum.
		["options of no class", { ...sensor, options: ["a"] }],
		// @ts-expect-error Options have no unit.
		["options with a unit", { ...sensor, deviceClass: "enum", options: ["1"], unit: "s" }],
		// @ts-expect-error There is no such class.
		["a class that is none", { ...sensor, deviceClass: "temprature", unit: "°C" }],
		// @ts-expect-error Home Assistant spells it s.
		["another unit of a number", { ...number, deviceClass: "duration", unit: "sec" }],
		// @ts-expect-error Numbers are no times.
		["a class of sensors for a number", { ...number, deviceClass: "timestamp" }],
		// @ts-expect-error There is no such class of buttons.
		["a class of something else", { ...button, deviceClass: "outlet" }],
		// @ts-expect-error An icon has a set before it.
		["an icon of no set", { ...button, icon: "mdi-gauge" }],
		// @ts-expect-error An entity id has a domain before it.
		["an entity id of no domain", { ...button, defaultEntityId: "kitchen" }],
	])("%s: a compile error, and no more than that", (_what, entity) => {
		expect(entity).toMatchObject({ id: /./ });
	});

	test("what is unlisted goes out as it is", () => {
		const entities = ROWS.map(
			({ id, deviceClass, unit }): Entity => ({ ...sensor, id, deviceClass: deviceClass as Unlisted, unit }),
		);
		expect(componentsOf(discovered(entities))).toMatchObject({
			flux: { device_class: "magnetic_flux", unit_of_measurement: "mWb" },
			warmth: { device_class: "temperature", unit_of_measurement: "mK" },
		});
	});

	test("a table that was written with the program needs no such word", () => {
		const rows = [
			{ id: "t", deviceClass: "temperature", unit: "°C" },
			{ id: "h", deviceClass: "humidity", unit: "%" },
		] as const;
		const entities: readonly Entity[] = rows.map((row) => ({ ...sensor, name: row.id, ...row }));
		expect(componentsOf(discovered(entities))).toMatchObject({ t: { unit_of_measurement: "°C" } });
	});
});
