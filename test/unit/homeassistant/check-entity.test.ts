import { describe, expect, test } from "@jest/globals";
import type { Entity } from "../../../src/homeassistant/index.ts";
import { Home } from "../../support/homeassistant-home.ts";

describe("device triggers", () => {
	const press = (trigger: string, subtype: string, type = "button_short_press"): Entity => ({
		platform: "device_automation",
		id: trigger,
		type,
		subtype,
	});

	test("two of one type and subtype are refused: Home Assistant drops the second", () => {
		const entities = [press("a", "button_1"), press("b", "button_1")];
		expect(() => new Home({ entities })).toThrow("has the type and subtype of another");
	});

	test("one for each button, and for each way to press it", () => {
		const entities = [press("a", "button_1"), press("b", "button_2"), press("c", "button_1", "button_long_press")];
		expect(() => new Home({ entities })).not.toThrow();
	});
});
