import { describe, expect, test } from "@jest/globals";
import { checkForBuild } from "../../hosts/device/firmware/build-checks.ts";
import { UsageError } from "../../src/codec/index.ts";

describe("what the firmware's build refuses", () => {
	const bundle = { mqtt: { certificate: ["ca.der", "old.der"], client_cert: "own.der", client_key: "own_key.der" } };
	test.each([
		["a misspelt key", { brokr: "hub.local" }, "config: unknown key brokr: is broker meant?"],
		["a key in another style", { clientId: "c" }, "config: unknown key clientId: is client_id meant?"],
		["a misspelt key of the Wi-Fi", { sssid: "home" }, "config: unknown key sssid: is ssid meant?"],
		["a misspelt block", { "mqt.broker": "b" }, "config: unknown key mqt.broker: is mqtt.broker meant?"],
		["tls_insecure alone", { tls_insecure: "true" }, "config: mqtt.tls_insecure is given without mqtt.certificate"],
		["tls_version alone", { mqtt: { tls_version: 1.2 } }, "config: mqtt.tls_version is given without mqtt.certificate"],
		["tls_alpn alone", { "mqtt.tls_alpn": "mqtt" }, "config: mqtt.tls_alpn is given without mqtt.certificate"],
		[
			"a certificate without a bundle",
			{ certificate: "ca.der" },
			'"ca.der" is not bundled, nothing is: run npm run ca',
		],
		[
			"another one",
			{ ...bundle, "mqtt.certificate": "ca.der,x.der" },
			'"x.der" is not bundled, only ca.der, old.der is',
		],
		[
			"another key",
			{ ...bundle, client_key: "key.der" },
			'mqtt.client_key: "key.der" is not bundled, only own_key.der',
		],
		["an address that lacks a number", { broker: "192.168.1" }, "config: mqtt.broker: 192.168.1 is no IPv4 address"],
		["an address with a number above 255", { mqtt: { broker: "192.168.1.256" } }, "192.168.1.256 is no IPv4 address"],
	])("%s", (_what, config, message) => {
		expect(() => checkForBuild(config)).toThrow(UsageError);
		expect(() => checkForBuild(config)).toThrow(message);
	});

	test.each([
		["the SDK's keys and a board's", { sntp: "", tls: "tls", startupSound: "s", "x.y": "z", ports: {}, led: "2" }],
		[
			"all keys in their places",
			{ broker: "b", ssid: "home", password: "p", "mqtt.password": "q", "firmware.dns": "d" },
		],
		["an address", { broker: "192.168.1.5" }],
		["a name that begins with a number", { "mqtt.broker": "1.hub.local" }],
		["what says that there is no TLS", { tls_insecure: "false", mqtt: { tls_version: "auto" } }],
		["a choice among what is bundled", { ...bundle, certificate: "old.der", tls_insecure: "true" }],
	])("but not %s", (_what, config) => {
		expect(() => checkForBuild(config)).not.toThrow();
	});
});
