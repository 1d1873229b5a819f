import { describe, expect, test } from "@jest/globals";
import { MQTT_DEFAULTS, mqttOptions, pathText, Report } from "../../../src/config/index.ts";

function read(block: unknown) {
	const report = new Report();
	const options = mqttOptions.read(block, ["mqtt"], report);
	const lines = (findings: Report["errors"]) => findings.map(({ path, message }) => `${pathText(path)}: ${message}`);
	return { options, errors: lines(report.errors), notices: lines(report.notices) };
}

describe("Home Assistant's mqtt block", () => {
	test("a broker alone takes the defaults", () => {
		expect(read({ broker: "192.168.1.100" })).toEqual({
			options: {
				broker: "192.168.1.100",
				port: 1883,
				clientId: undefined,
				keepAlive: 60,
				username: undefined,
				password: undefined,
				protocol: "3.1.1",
				tls: undefined,
				birthMessage: undefined,
				willMessage: undefined,
			},
			errors: [],
			notices: [],
		});
		expect(MQTT_DEFAULTS.port).toBe(1883);
	});

	test("every option of the documented example", () => {
		const { options, errors } = read({
			broker: "m21.cloudmqtt.com",
			port: 8883,
			client_id: "home-assistant-1",
			keepalive: 30,
			username: "USERNAME",
			password: "PASSWORD",
			certificate: "/etc/ssl/certs/ca-certificates.crt",
			client_key: "/etc/mqtt/client.key",
			client_cert: "/etc/mqtt/client.crt",
			tls_insecure: true,
			tls_version: "1.2",
			tls_alpn: ["x-amzn-mqtt-ca", "mqtt"],
			protocol: 3.1,
			birth_message: { topic: "hass/status", payload: "online" },
			will_message: { topic: "hass/status", payload: "offline", qos: 1, retain: true },
		});
		expect(errors).toEqual([]);
		expect(options).toMatchObject({
			clientId: "home-assistant-1",
			keepAlive: 30,
			protocol: "3.1",
			tls: {
				certificate: "/etc/ssl/certs/ca-certificates.crt",
				insecure: true,
				minVersion: "1.2",
				alpn: ["x-amzn-mqtt-ca", "mqtt"],
				client: { certificate: "/etc/mqtt/client.crt", key: "/etc/mqtt/client.key" },
			},
			birthMessage: { topic: "hass/status", payload: "online", qos: 0, retain: false },
			willMessage: { topic: "hass/status", payload: "offline", qos: 1, retain: true },
		});
		expect(options?.password?.reveal()).toBe("PASSWORD");
	});

	test.each([
		[3.1, "3.1"],
		["3.1", "3.1"],
		["3.1.1", "3.1.1"],
		[5, "5"],
		["5", "5"],
	])("protocol %p is %s", (written, meant) => {
		expect(read({ broker: "b", protocol: written }).options?.protocol).toBe(meant);
	});

	test.each([
		["1.0", "1.0"],
		[1, "1.0"],
		[1.3, "1.3"],
		["auto", "auto"],
	])("tls_version %p is %s", (written, meant) => {
		expect(read({ broker: "b", certificate: "auto", tls_version: written }).options?.tls?.minVersion).toBe(meant);
	});

	test.each([
		["m21.cloudmqtt.com", 20_000, "auto"],
		["M21.CloudMQTT.com", 30_000, "auto"],
		["m21.cloudmqtt.com", 19_999, undefined],
		["m21.cloudmqtt.com", 30_001, undefined],
		["192.168.1.5", 25_000, undefined],
		["cloudmqtt.com.example.org", 25_000, undefined],
	])("the roots that %s:%i gets without asking: %p", (broker, port, certificate) => {
		expect(read({ broker, port }).options?.tls?.certificate).toBe(certificate);
	});

	test("a certificate of one's own goes before the hosted broker's default", () => {
		const { options } = read({ broker: "m21.cloudmqtt.com", port: 25_000, certificate: "own.pem" });
		expect(options?.tls?.certificate).toBe("own.pem");
	});

	test.each([
		[{}, "mqtt.broker: is missing"],
		[{ broker: null }, "mqtt.broker: has no value"],
		[{ broker: "mqtt://10.0.0.1" }, "mqtt.broker: this value is not allowed; it takes a host name"],
		[{ broker: "10.0.0.1:1883" }, "without a port"],
		[{ broker: "b", port: 0 }, "mqtt.port: 0 is not allowed; it takes a whole number from 1 to 65535"],
		[{ broker: "b", port: 65_536 }, "mqtt.port: 65536 is not allowed"],
		[{ broker: "b", port: "01883" }, 'mqtt.port: "01883" is not allowed'],
		[{ broker: "b", port: true }, "mqtt.port: true is not allowed"],
		[{ broker: "b", port: [1883] }, "mqtt.port: a list is not allowed"],
		[{ broker: "b", keepalive: -1 }, "mqtt.keepalive: -1 is not allowed; it takes a whole number from 0 to 65535"],
		[{ broker: "b", keepalive: 1.5 }, "mqtt.keepalive: 1.5 is not allowed"],
		[{ broker: "b", protocol: 4 }, "mqtt.protocol: 4 is not allowed; it takes one of 3.1, 3.1.1, 5"],
		[{ broker: "b", tls_version: 1.4 }, "one of auto, 1.0, 1.1, 1.2, 1.3"],
		[{ broker: "b", tls_alpn: "" }, "a protocol's name of 1 to 255 ASCII characters"],
		[{ broker: "b", tls_alpn: ["mqtt", "m".repeat(256)] }, "a protocol's name of 1 to 255 ASCII characters"],
		[{ broker: "b", tls_alpn: ["mqtt 5"] }, "a protocol's name of 1 to 255 ASCII characters"],
		[{ broker: "b", tls_insecure: "perhaps" }, "mqtt.tls_insecure"],
		[{ broker: "b", username: true }, "mqtt.username: true is not allowed"],
		[{ broker: "b", password: "x" }, "mqtt.password: needs a username beside it"],
		[{ broker: "b", certificate: "auto", client_cert: "c.pem" }, "mqtt.client_cert: needs client_key beside it"],
		[{ broker: "b", certificate: "auto", client_key: "c.key" }, "mqtt.client_key: needs client_cert beside it"],
		[{ broker: "b", client_cert: "c.pem", client_key: "c.key" }, "mqtt.client_cert: needs certificate beside it"],
		[
			{ broker: "b", will_message: { topic: "a/#", payload: "x" } },
			'mqtt.will_message.topic: "a/#" contains a wildcard',
		],
		[{ broker: "b", will_message: { topic: "a" } }, "mqtt.will_message.payload: is missing"],
		[{ broker: "b", prot: 1 }, "mqtt.prot: unknown key; did you mean port?"],
		[["broker"], "mqtt: a list is not allowed"],
	])("%j is refused: %s", (block, expected) => {
		const { options, errors } = read(block);
		expect(options).toBeUndefined();
		expect(errors.join("\n")).toContain(expected);
	});

	test("all that is wrong is said at once", () => {
		expect(read({ broker: "b", port: "x", keepalive: "y", nonsense: 1 }).errors).toHaveLength(3);
	});

	test("TLS options without TLS are pointed out, for the connection is open to all", () => {
		expect(read({ broker: "b", tls_insecure: true }).notices.join()).toContain("no TLS is used");
		expect(read({ broker: "b", tls_version: "1.2" }).notices.join()).toContain("no TLS is used");
		expect(read({ broker: "b", tls_alpn: "mqtt" }).notices.join()).toContain("no TLS is used");
		expect(read({ broker: "b", tls_insecure: false, tls_version: "auto" }).notices).toEqual([]);
	});

	test.each([["user:hunter2@example.org"], ["mqtt://user:hunter2@example.org"]])("%s is refused unseen", (broker) => {
		expect(read({ broker }).errors.join()).not.toContain("hunter2");
	});

	test("a password never prints", () => {
		const { options } = read({ broker: "b", username: "u", password: "hunter2" });
		expect(String(options?.password) + JSON.stringify(options)).not.toContain("hunter2");
		expect(read({ broker: "b", username: "u", password: ["hunter2"] }).errors.join()).not.toContain("hunter2");
	});

	test("a key named like a property of every object is just unknown", () => {
		const block = Object.assign(Object.create(null) as object, { broker: "b" });
		Object.defineProperty(block, "__proto__", { value: 1, enumerable: true });
		expect(read(block).errors.join()).toContain("mqtt.__proto__: unknown key");
	});
});
