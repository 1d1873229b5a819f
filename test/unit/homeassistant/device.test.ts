import { beforeEach, describe, expect, test } from "@jest/globals";
import { UsageError } from "../../../src/codec/index.ts";
import { type Entity, HomeAssistantDevice, type Unlisted } from "../../../src/homeassistant/index.ts";
import { componentsOf, discoveryFaults } from "../../support/homeassistant-check.ts";
import { commands, ENTITIES, Home, OPTIONS, text } from "../../support/homeassistant-home.ts";

beforeEach(() => {
	commands.length = 0;
});

describe("discovery", () => {
	test("every platform is described as Home Assistant documents it", () => {
		const [discovery] = new Home().online();
		expect(discovery).toMatchObject({ topic: "homeassistant/device/kitchen/config", retain: true, qos: 1 });
		expect(discoveryFaults(text(discovery))).toEqual([]);
		expect(Object.keys(componentsOf(text(discovery)))).toEqual(ENTITIES.map(({ id }) => id));
	});

	test("what Home Assistant does not take of a platform, its type does not either", () => {
		// @ts-expect-error A sensor is no setting.
		const sensor: Entity = { platform: "sensor", id: "a", name: "A", category: "config" };
		// @ts-expect-error There are no classes of lights.
		const light: Entity = { platform: "light", id: "b", name: "B", deviceClass: "door", onCommand: () => {} };
		const home = new Home({ entities: [sensor, light] });
		expect(discoveryFaults(text(home.online()[0]))).toEqual(["b: device_class is wrong"]);
	});

	test("then the device is online, then come its states", () => {
		const home = new Home();
		home.device.setState("temperature", 21.5);
		home.device.setState("relay", true);
		expect(
			home
				.online()
				.slice(1)
				.map(({ topic, retain, payload }) => [topic, retain, String.fromCharCode(...payload)]),
		).toEqual([
			["motehub/kitchen/availability", true, "online"],
			["motehub/kitchen/temperature", true, "21.5"],
			["motehub/kitchen/relay", true, "ON"],
		]);
	});

	test("the will says offline where the birth says online", () => {
		const home = new Home();
		home.harness.client.start();
		expect(home.harness.connect().will).toMatchObject({ topic: "motehub/kitchen/availability", retain: true, qos: 1 });
	});

	test("unique ids survive a change of names", () => {
		const renamed = ENTITIES.map((entity) => ("name" in entity ? { ...entity, name: "Another" } : entity));
		const ids = (home: Home) =>
			Object.values(componentsOf(text(home.online()[0]))).map((component) => component.unique_id);
		const before = ids(new Home());
		expect(before).toContain("kitchen_temperature");
		expect(ids(new Home({ entities: renamed, device: { id: "kitchen", name: "Galley" } }))).toEqual(before);
	});

	test.each(["", "küche", "a/b", "a b", "+"])("the id %p is refused", (id) => {
		expect(() => new HomeAssistantDevice({ ...OPTIONS, device: { id, name: "x" } })).toThrow(UsageError);
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities: [{ platform: "sensor", id, name: "x" }] })).toThrow(
			UsageError,
		);
	});

	test.each(["state", "availability", "command"])("an entity called %p is refused: the topic is taken", (id) => {
		const entities: Entity[] = [{ platform: "sensor", id, name: "x" }];
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities })).toThrow(`"${id}"`);
	});

	const onCommand = () => {};
	const deviceClass = "enum" as Unlisted;
	test.each<[string, Partial<Entity>, RegExp]>([
		["a range of numbers that holds none", { platform: "number", min: 2, max: 1, onCommand }, /from 2 to 1/],
		["a range that is not known", { platform: "number", min: Number.NaN, max: 1, onCommand }, /from NaN to 1/],
		["a range without an end", { platform: "number", min: 0, max: Number.POSITIVE_INFINITY, onCommand }, /to Infinity/],
		["no step that is known", { platform: "number", min: 0, max: 1, step: Number.NaN, onCommand }, /no number/],
		["no step at all", { platform: "number", min: 0, max: 1, step: 0, onCommand }, /step below 0\.001/],
		["texts of no length", { platform: "text", min: 6, max: 5, onCommand }, /from 6 to 5/],
		["texts of fewer characters than none", { platform: "text", min: -1, onCommand }, /from -1 to 255/],
		["texts that are too long", { platform: "text", max: 256, onCommand }, /from 0 to 256/],
		["options without their class", { platform: "sensor", options: ["a"] }, /device class "enum"/],
		["options that are none", { platform: "sensor", deviceClass: "enum", options: [] }, /at least one/],
		["options with a unit", { platform: "sensor", deviceClass, options: ["1"], unit: "s" }, /no unit/],
		[
			"options with a state class",
			{ platform: "sensor", deviceClass, options: ["1"], stateClass: "total" },
			/no state class/,
		],
		["angles in no degrees", { platform: "sensor", stateClass: "measurement_angle", unit: "rad" }, /must be °/],
	])("%s: refused, since Home Assistant drops the entity", (_what, wrong, message) => {
		const entities = [{ id: "x", name: "X", ...wrong } as Entity];
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities })).toThrow(UsageError);
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities })).toThrow(message);
	});

	test.each<[string, Partial<Entity>]>([
		["a number that can have one value", { platform: "number", min: 1, max: 1, step: 0.001, onCommand }],
		["texts of up to 255 characters", { platform: "text", min: 255, max: 255, onCommand }],
		["angles", { platform: "sensor", stateClass: "measurement_angle", unit: "°" }],
	])("%s: taken", (_what, right) => {
		const entities = [{ id: "x", name: "X", ...right } as Entity];
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities })).not.toThrow();
	});

	test("an entity may say what it is to be called at first", () => {
		const entities: Entity[] = [{ platform: "sensor", id: "a", name: "A", defaultEntityId: "sensor.kitchen_climate" }];
		const discovery = text(new Home({ entities }).online()[0]);
		expect(discoveryFaults(discovery)).toEqual([]);
		expect(componentsOf(discovery)).toMatchObject({ a: { default_entity_id: "sensor.kitchen_climate" } });
	});

	test("two entities with one id are refused", () => {
		const twice: Entity[] = [
			{ platform: "sensor", id: "a", name: "A" },
			{ platform: "sensor", id: "a", name: "B" },
		];
		expect(() => new HomeAssistantDevice({ ...OPTIONS, entities: twice })).toThrow('two entities with the id "a"');
	});
});

describe("Home Assistant restarts", () => {
	test("all is published again, after a random delay", () => {
		const home = new Home();
		home.device.setState("temperature", 20);
		home.online();
		home.harness.random.fixed = 0.5;
		home.tell("homeassistant/status", "online");
		home.harness.advance(4_900);
		expect(home.peer.take()).toEqual([]);
		home.harness.advance(100);
		const topics = home.settle().map(({ topic }) => topic);
		expect(topics).toEqual([
			"homeassistant/device/kitchen/config",
			"motehub/kitchen/availability",
			"motehub/kitchen/temperature",
		]);
	});

	test.each([
		["offline", false],
		["online", true],
	])("%p, retained %p, starts nothing", (status, retain) => {
		const home = new Home();
		home.online();
		home.tell("homeassistant/status", status, retain);
		home.harness.advance(20_000);
		expect(home.settle()).toEqual([]);
	});

	test("a connection lost in the meantime leaves no timer behind", () => {
		const home = new Home();
		home.online();
		home.tell("homeassistant/status", "online");
		home.peer.drop();
		home.harness.retry();
		expect(home.online().filter(({ topic }) => topic.endsWith("/config"))).toHaveLength(1);
	});

	test("a house full of entities goes out in slices, not all at once", () => {
		const entities: Entity[] = Array.from({ length: 60 }, (_, n) => ({
			platform: "sensor",
			id: `s${n}`,
			name: `S${n}`,
		}));
		const home = new Home({ entities });
		for (const { id } of entities) home.device.setState(id, 1);
		home.harness.accept();
		home.harness.advance(0);
		const atOnce = home.peer.take().filter(({ cmd }) => cmd === "publish");
		expect(atOnce.length).toBeGreaterThan(0);
		expect(atOnce.length).toBeLessThanOrEqual(4);
	});
});

describe("states", () => {
	test("while offline only the last one is kept", () => {
		const home = new Home();
		for (let value = 0; value < 100; value++) home.device.setState("temperature", value);
		expect(
			home
				.online()
				.filter(({ topic }) => topic.endsWith("/temperature"))
				.map(text),
		).toEqual(["99"]);
	});

	test.each<[string, Parameters<HomeAssistantDevice["setState"]>[1], string]>([
		["temperature", 21.5, "21.5"],
		["mode", "eco", "eco"],
		["door", false, "OFF"],
		["relay", true, "ON"],
		["interval", 5, "5"],
		["scene", "night", "night"],
		["label", "abc", "abc"],
		[
			"lamp",
			{ on: true, brightness: 10, color: { r: 1, g: 2, b: 3 } },
			'{"state":"ON","brightness":10,"color_mode":"rgb","color":{"r":1,"g":2,"b":3}}',
		],
		["lamp", { on: false }, '{"state":"OFF"}'],
		["temperature", null, "None"],
		["door", null, "None"],
		["relay", null, "None"],
		["interval", null, "None"],
		["scene", null, "None"],
		[
			"firmware",
			{ installedVersion: "1.0", latestVersion: "1.1" },
			'{"installed_version":"1.0","latest_version":"1.1","in_progress":false,"update_percentage":null}',
		],
		[
			"firmware",
			{ installedVersion: "1.0", latestVersion: null },
			'{"installed_version":"1.0","in_progress":false,"update_percentage":null}',
		],
	])("%s is published as Home Assistant reads it", (id, state, payload) => {
		const home = new Home();
		home.online();
		home.device.setState(id, state);
		expect(home.settle().map((packet) => [packet.topic, text(packet)])).toEqual([[`motehub/kitchen/${id}`, payload]]);
	});

	test.each<[string, Parameters<HomeAssistantDevice["setState"]>[1]]>([
		["temperature", Number.NaN],
		["temperature", true],
		["mode", "turbo"],
		["mode", null],
		["label", null],
		["lamp", null],
		["firmware", null],
		["press", null],
		["door", "ON"],
		["interval", 61],
		["scene", "dusk"],
		["label", "abcdef"],
		["firmware", "1.0"],
		["restart", true],
		["press", true],
		["nothing", 1],
	])("%s cannot be %p", (id, state) => {
		expect(() => new Home().device.setState(id, state)).toThrow(UsageError);
	});

	test("a trigger fires once, and is not retained", () => {
		const home = new Home();
		home.device.trigger("press");
		home.online();
		home.device.trigger("press");
		expect(home.settle()).toMatchObject([{ topic: "motehub/kitchen/press", retain: false, qos: 1 }]);
		expect(() => home.device.trigger("relay")).toThrow("no trigger");
	});
});

describe("commands", () => {
	test.each<[string, string, unknown]>([
		["relay", "ON", true],
		["relay", "OFF", false],
		["interval", "7.5", 7.5],
		["scene", "day", "day"],
		["restart", "PRESS", "restart"],
		["label", "", ""],
		["firmware", "INSTALL", "install"],
		["lamp", '{"state":"OFF","transition":2}', { on: false, transition: 2 }],
		["lamp", '{"state":"ON","color_temp":2700}', { on: true, colorTemperature: 2_700 }],
		[
			"lamp",
			'{"state":"ON","color":{"r":255,"g":0,"b":1},"brightness":9}',
			{ on: true, color: { r: 255, g: 0, b: 1 }, brightness: 9 },
		],
		["lamp", '{"state":"ON","effect":"rainbow"}', { on: true, effect: "rainbow" }],
	])("%s %s", (id, payload, expected) => {
		const home = new Home();
		home.online();
		home.tell(`motehub/kitchen/command/${id}`, payload);
		expect(commands).toEqual([expected]);
	});

	test.each([
		["relay", "on"],
		["interval", "0"],
		["interval", "61"],
		["interval", "NaN"],
		["interval", " "],
		["scene", "dusk"],
		["restart", ""],
		["label", "abcdef"],
		["firmware", "1.1"],
		["temperature", "1"],
		["press", "PRESS"],
		["nothing", "ON"],
		["lamp", "ON"],
		["lamp", "null"],
		["lamp", '{"state":"ON","brightness":256}'],
		["lamp", '{"state":"ON","color_temp":1999}'],
		["lamp", '{"state":"ON","color":{"r":1,"g":2}}'],
		["lamp", '{"state":"ON","effect":"strobe"}'],
		["lamp", '{"state":"ON","transition":-1}'],
	])("%s does not obey %p, and says so", (id, payload) => {
		const home = new Home();
		home.online();
		home.tell(`motehub/kitchen/command/${id}`, payload);
		expect(commands).toEqual([]);
		expect(home.harness.lines).toMatchObject([{ level: "warn" }]);
	});

	test.each(["restart", "firmware"])("a retained command for %s is not obeyed: it would be at every start", (id) => {
		const home = new Home();
		home.online();
		home.tell(`motehub/kitchen/command/${id}`, id === "restart" ? "PRESS" : "INSTALL", true);
		expect(commands).toEqual([]);
	});
});

describe("removal", () => {
	test("an entity leaves by its platform alone, and its state is cleared", () => {
		const home = new Home();
		home.device.setState("temperature", 20);
		home.online();
		home.device.removeEntity("temperature");
		const published = home.settle();
		expect(componentsOf(text(published[0])).temperature).toEqual({ platform: "sensor" });
		expect(discoveryFaults(text(published[0]))).toEqual([]);
		expect(componentsOf(text(published[1]))).not.toHaveProperty("temperature");
		expect(published.at(-1)).toMatchObject({ topic: "motehub/kitchen/temperature", retain: true });
		expect(published.at(-1)?.payload).toHaveLength(0);
		expect(() => home.device.setState("temperature", 1)).toThrow("no entity");
	});

	test("the device leaves with all that was retained of it", () => {
		const home = new Home();
		home.online();
		let done = false;
		home.device.remove(() => {
			done = true;
		});
		const published = home.settle();
		expect(published.map(({ topic }) => topic)).toEqual([
			"homeassistant/device/kitchen/config",
			...ENTITIES.map(({ id }) => `motehub/kitchen/${id}`),
			"motehub/kitchen/availability",
		]);
		expect(published.every(({ retain, payload }) => retain && payload.length === 0)).toBe(true);
		expect(done).toBe(true);
	});

	test("a device that left does not come back with a state, a restart of Home Assistant or a new connection", () => {
		const home = new Home();
		home.online();
		home.device.remove();
		home.settle();
		home.device.setState("relay", true);
		home.tell("homeassistant/status", "online");
		home.harness.advance(20_000);
		expect(home.settle()).toEqual([]);
		home.peer.drop();
		expect(home.online()).toEqual([]);
	});

	test("a device that left leaves nothing behind with its goodbye", () => {
		const home = new Home();
		home.online();
		home.device.remove();
		home.settle();
		home.device.goodbye();
		const published = home.settle();
		expect(published.map(({ topic }) => topic)).toEqual(["motehub/kitchen/availability"]);
		expect(published[0]).toMatchObject({ retain: true, payload: new Uint8Array(0) });
	});

	test("a goodbye says offline", () => {
		const home = new Home();
		home.online();
		home.device.goodbye();
		expect(home.settle().map((packet) => [packet.topic, text(packet)])).toEqual([
			["motehub/kitchen/availability", "offline"],
		]);
	});
});
