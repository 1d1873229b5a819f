import { afterAll, describe, expect, test } from "@jest/globals";
import { ConfigFolder } from "./support/config-folder.ts";

const folder = new ConfigFolder();
afterAll(() => folder.remove());

const EMBEDDED_LISTENERS = [
	{
		name: "default",
		type: "tcp",
		host: "0.0.0.0",
		port: 1883,
		maxConnections: 50_000,
		allowAnonymous: false,
		tls: undefined,
	},
	{
		name: "ws-1",
		type: "ws",
		host: "0.0.0.0",
		port: 8080,
		maxConnections: 50_000,
		allowAnonymous: false,
		tls: undefined,
	},
];

describe("mqtt: alone", () => {
	test.each([
		"mqtt:\n",
		"mqtt: {}\n",
		"mqtt:\n  embedded:\n",
		"mqtt:\n  discovery: true\n  discovery_prefix: homeassistant\n",
	])("%j starts the embedded broker, with a password of the hub's own making", (main) => {
		const { settings, notices } = folder.load(main);
		expect(settings.listeners).toMatchObject(EMBEDDED_LISTENERS);
		expect(settings.auth).toEqual({
			checkPasswords: true,
			users: [],
			passwordFiles: [],
			generatedUser: "homeassistant",
		});
		expect(settings.access).toEqual({ kind: "open" });
		expect(settings.connection).toBeUndefined();
		expect(notices).toEqual([]);
	});

	test("with a password, that is the password of homeassistant", () => {
		const { settings } = folder.load("mqtt:\n  password: !secret mqtt\n", { "secrets.yaml": "mqtt: hunter2\n" });
		expect(settings.listeners).toMatchObject(EMBEDDED_LISTENERS);
		expect(settings.auth).toMatchObject({ users: [{ name: "homeassistant", kind: "plain" }] });
		expect(settings.auth.generatedUser).toBeUndefined();
		expect(settings.auth.users[0]?.secret.reveal()).toBe("hunter2");
	});

	test("what would describe a connection is pointed out, not obeyed", () => {
		const { settings, notices } = folder.load("mqtt:\n  port: 1999\n  keepalive: 30\n");
		expect(settings.listeners).toMatchObject(EMBEDDED_LISTENERS);
		expect(notices.map((notice) => notice.replace(folder.path, ""))).toEqual([
			"/motehub.yaml:2:3: mqtt.port: has no effect: the broker runs here, and this describes a connection to one",
			"/motehub.yaml:3:3: mqtt.keepalive: has no effect: the broker runs here, and this describes a connection to one",
		]);
	});
});

describe("mqtt: broker:", () => {
	test("the documented example starts no broker", () => {
		const { settings } = folder.load(
			`mqtt:
  broker: 192.168.1.100
  port: 1883
  client_id: home-assistant-1
  keepalive: 60
  username: USERNAME
  password: !secret mqtt_password
  protocol: 3.1
  certificate: certs/server.crt
  birth_message:
    topic: 'hass/status'
    payload: 'online'
    qos: 1
    retain: true
`,
			{ "secrets.yaml": "mqtt_password: 12345\n", "certs/server.crt": "PEM\n" },
		);
		expect(settings.listeners).toEqual([]);
		expect(settings.connection).toMatchObject({
			broker: "192.168.1.100",
			clientId: "home-assistant-1",
			protocol: "3.1",
			tls: { certificate: folder.file("certs/server.crt"), insecure: false, minVersion: "auto" },
			birthMessage: { topic: "hass/status", payload: "online", qos: 1, retain: true },
		});
		expect(settings.connection?.password?.reveal()).toBe("12345");
	});

	test("CloudMQTT's example: auto is a file's name nowhere", () => {
		const main = "mqtt:\n  broker: m11.cloudmqtt.com\n  port: 26514\n  username: u\n  password: p\n";
		expect(folder.load(main).settings.connection?.tls?.certificate).toBe("auto");
		expect(folder.load(`${main}  certificate: auto\n`).settings.connection?.tls?.certificate).toBe("auto");
	});

	test("with embedded beside it, the broker starts and broker describes Home Assistant's own client", () => {
		const { settings, notices } = folder.load("mqtt:\n  broker: localhost\n  embedded:\n");
		expect(settings.listeners).toMatchObject(EMBEDDED_LISTENERS);
		expect(settings.connection).toBeUndefined();
		expect(notices.join()).toContain("mqtt.broker: has no effect");
	});

	test.each([
		["mqtt:\n  broker: b\n  prot: 1\n", "motehub.yaml:3:3: mqtt.prot: unknown key; did you mean port?"],
		[
			"mqtt:\n  broker: b\n  port: 70000\n",
			"motehub.yaml:3:9: mqtt.port: 70000 is not allowed; it takes a whole number from 1 to 65535",
		],
		[
			"mqtt:\n  broker: b\n  tls_version: 1.5\n",
			"motehub.yaml:3:16: mqtt.tls_version: 1.5 is not allowed; it takes one of auto, 1.0, 1.1, 1.2, 1.3",
		],
		["mqtt:\n  broker: b\n  certificate: none.pem\n", "motehub.yaml:3:16: mqtt.certificate: none.pem does not exist"],
		["mqtt:\n  broker: b\n  password: x\n", "motehub.yaml:3:3: mqtt.password: needs a username beside it"],
		["mqtt: 1\n", "motehub.yaml:1:7: mqtt: 1 is not allowed"],
		[
			"mqtt:\n  broker: b\nlisteners: {a: {bind: '127.0.0.1:1'}}\n",
			"motehub.yaml:3:1: listeners: cannot be beside mqtt",
		],
		["mqtt:\n  broker: b\nbridges: {a: {broker: c, topics: ['#']}}\n", "motehub.yaml:3:1: bridges: need a broker here"],
		["mqtt:\n  broker: !secret port\n", "is not allowed"],
	])("%j: %s", (main, problem) => {
		expect(folder.problems(main, { "secrets.yaml": "port: mqtt://hunter2@x\n" }).join("\n")).toContain(problem);
	});

	test("a secret that is not allowed is not quoted", () => {
		const problems = folder.problems("mqtt:\n  broker: b\n  port: !secret port\n", {
			"secrets.yaml": "port: hunter2\n",
		});
		expect(problems).toHaveLength(1);
		expect(problems[0]).toContain("mqtt.port");
		expect(problems[0]).not.toContain("hunter2");
	});
});

describe("Home Assistant's whole configuration", () => {
	const CONFIGURATION = `homeassistant:
  name: Home
  packages: !include_dir_named packages
http:
  api_password: !secret http_password
  base_url: example.duckdns.org:8123
frontend:
mqtt:
  discovery: true
automation: !include automations.yaml
sensor 1:
  - platform: mqtt
    state_topic: "home/bedroom/temperature"
`;

	test("only what concerns MQTT is read", () => {
		const { settings } = folder.load(CONFIGURATION, { "secrets.yaml": "http_password: hunter2\n" });
		expect(settings.listeners).toMatchObject(EMBEDDED_LISTENERS);
		expect(settings.auth.users[0]?.secret.reveal()).toBe("hunter2");
		expect(settings.http).toMatchObject({ metrics: true });
	});

	test("a password of mqtt goes before that of the web page", () => {
		const main = CONFIGURATION.replace("  discovery: true\n", "  password: mine\n");
		const { settings } = folder.load(main, { "secrets.yaml": "http_password: hunter2\n" });
		expect(settings.auth.users.map(({ secret }) => secret.reveal())).toEqual(["mine"]);
	});

	test("without mqtt it is not taken for a configuration", () => {
		expect(folder.problems("homeassistant:\n  name: Home\n").join()).toContain("homeassistant: unknown key");
	});
});
