import { describe, expect, test } from "@jest/globals";
import { UsageError } from "../../../src/codec/index.ts";
import { CommandError, type Entity } from "../../../src/homeassistant/index.ts";
import { componentsOf, discoveryFaults } from "../../support/homeassistant-check.ts";
import { Home, text } from "../../support/homeassistant-home.ts";

const SHARED: readonly Entity[] = [
	{ platform: "sensor", id: "temperature", name: "Temperature", unit: "°C", shared: true },
	{ platform: "sensor", id: "humidity", name: "Humidity", unit: "%", shared: true },
];

describe("sensors with a common message", () => {
	test("shared sensors travel in one message, with what else it carries", () => {
		const home = new Home({ entities: SHARED });
		home.device.setShared({ temperature: 21.5, uptime: 3 });
		const published = home.online();
		expect(discoveryFaults(text(published[0]))).toEqual([]);
		expect(componentsOf(text(published[0]))).toMatchObject({
			temperature: { state_topic: "motehub/kitchen/state", value_template: "{{ value_json['temperature'] }}" },
			humidity: { state_topic: "motehub/kitchen/state", value_template: "{{ value_json['humidity'] }}" },
		});
		home.device.setShared({ temperature: 22, humidity: 40 });
		expect(
			[...published, ...home.settle()].slice(2).map((packet) => [packet.topic, packet.retain, text(packet)]),
		).toEqual([
			["motehub/kitchen/state", true, '{"temperature":21.5,"uptime":3,"humidity":null}'],
			["motehub/kitchen/state", true, '{"temperature":22,"humidity":40}'],
		]);
	});

	test("a shared sensor is not set alone, nor to what it cannot be", () => {
		const { device } = new Home({ entities: SHARED });
		expect(() => device.setState("temperature", 1)).toThrow("by setShared");
		expect(() => device.setShared({ temperature: Number.NaN })).toThrow(UsageError);
	});
});

describe("a button with an argument", () => {
	test("gets it, and may refuse", () => {
		const taken: string[] = [];
		const faults: unknown[] = [];
		const onCommand = (argument: string) => {
			if (argument === "9") throw new CommandError("too long");
			taken.push(argument);
		};
		const entities: Entity[] = [{ platform: "button", id: "blink", name: "Blink", takesArgument: true, onCommand }];
		const home = new Home({ entities }, (fault) => faults.push(fault));
		home.online();
		for (const payload of ["PRESS", "", "3", "9"]) home.tell("motehub/kitchen/command/blink", payload);
		expect(taken).toEqual(["", "", "3"]);
		expect(faults).toEqual([{ event: "command-refused", topic: "motehub/kitchen/command/blink", reason: "too long" }]);
	});
});
