import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { BUILT } from "../../hosts/device/base.ts";
import { clientOptions } from "../../hosts/device/firmware/client-options.ts";
import { type CommandTarget, identify, setInterval } from "../../hosts/device/firmware/commands.ts";
import { homeAssistantOptions } from "../../hosts/device/firmware/home-assistant.ts";
import { defaultClientId } from "../../hosts/device/firmware/identity.ts";
import { ClimateModel } from "../../hosts/device/firmware/sensors/climate-model.ts";
import { readSettings } from "../../hosts/device/firmware/settings.ts";
import { Topics } from "../../hosts/device/firmware/topics.ts";
import { VERSION } from "../../hosts/device/firmware/version.ts";
import type { NetService } from "../../hosts/device/platform.ts";
import { UsageError } from "../../src/codec/index.ts";
import { CommandError } from "../../src/homeassistant/index.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

describe("the firmware's settings", () => {
	test("have Home Assistant's names and defaults; the broker alone is needed", () => {
		expect(readSettings({ mqtt: { broker: "hub.local" }, ssid: "home", password: "of the Wi-Fi" })).toEqual({
			broker: "hub.local",
			port: 1883,
			clientId: undefined,
			keepAlive: 60,
			username: undefined,
			password: undefined,
			protocol: "3.1.1",
			webSocket: undefined,
			certificate: undefined,
			tlsInsecure: false,
			tlsVersion: "1.2",
			clientIdentity: undefined,
			alpn: undefined,
			wifi: { ssid: "home", password: "of the Wi-Fi" },
			ntp: ["pool.ntp.org"],
			interval: 5,
			dns: undefined,
			buildTime: BUILT,
			updateKey: undefined,
		});
	});

	test("are all taken", () => {
		const mqtt = { broker: "b", port: 1, client_id: "c", keepalive: 0, username: "u", password: "p", protocol: "5" };
		const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		const updateKey = publicKey.export({ format: "der", type: "spki" }).toString("hex");
		const times = { interval: 3_600, ntp: ["10.0.0.2"], build_time: 1_800_000_000 };
		const firmware = { ...times, dns: ["10.0.0.1"], update_key: updateKey.toUpperCase() };
		expect(readSettings({ mqtt, firmware })).toEqual({
			broker: "b",
			port: 1,
			clientId: "c",
			keepAlive: 0,
			username: "u",
			password: "p",
			protocol: "5",
			webSocket: undefined,
			certificate: undefined,
			tlsInsecure: false,
			tlsVersion: "1.2",
			clientIdentity: undefined,
			alpn: undefined,
			wifi: undefined,
			ntp: ["10.0.0.2"],
			interval: 3_600,
			dns: ["10.0.0.1"],
			buildTime: 1_800_000_000,
			updateKey,
		});
	});

	test.each([
		[{}, undefined, 1883],
		[{ transport: "tcp" }, undefined, 1883],
		[{ certificate: ["ca.der"] }, undefined, 8883],
		[{ transport: "websockets" }, { path: "/", headers: {} }, 8080],
		[{ transport: "websockets", certificate: ["ca.der"] }, { path: "/", headers: {} }, 443],
		[
			{ transport: "websockets", ws_path: "/mqtt", ws_headers: { a: "b" } },
			{ path: "/mqtt", headers: { a: "b" } },
			8080,
		],
	])("%j lead to the WebSocket %j at port %d", (mqtt, webSocket, port) => {
		expect(readSettings({ mqtt: { broker: "b", ...mqtt } })).toMatchObject({ webSocket, port });
	});

	test.each([
		[5, "5"],
		[3.1, "3.1"],
		["3.1.1", "3.1.1"],
	])("have the protocol %j as %s", (protocol, expected) => {
		expect(readSettings({ mqtt: { broker: "hub.local.", protocol } })).toMatchObject({ protocol: expected });
	});

	test("do not repeat a password that is wrong", () => {
		const config = { mqtt: { broker: "b", username: "anna", password: 12345 } };
		expect(() => readSettings(config)).toThrow(
			/^config: mqtt.password must be text that is not empty, without U\+0000$/,
		);
	});

	test.each([
		[undefined, "1.2"],
		["auto", "1.2"],
		["1.2", "1.2"],
		["1.1", "1.1"],
		["1.0", "1.0"],
		[1, "1.0"],
		[1.1, "1.1"],
	])("tls_version %p stands for TLS %s", (tls_version, tlsVersion) => {
		expect(readSettings({ mqtt: { broker: "b", tls_version } })).toMatchObject({ tlsVersion });
	});

	test("of TLS are all taken", () => {
		const client = { client_cert: ["client_cert.der", "issuer.der"], client_key: "client_key.der" };
		const tls = { certificate: ["ca.der"], tls_insecure: true, tls_version: "1.2", tls_alpn: ["mqtt"], ...client };
		expect(readSettings({ mqtt: { broker: "b", ...tls } })).toMatchObject({
			certificate: ["ca.der"],
			tlsInsecure: true,
			clientIdentity: { certificates: ["client_cert.der", "issuer.der"], key: "client_key.der" },
			alpn: ["mqtt"],
		});
	});

	test.each<[string, Record<string, unknown>, string]>([
		["a client certificate without its key", { mqtt: { broker: "b", client_cert: ["c.der"] } }, "need each other"],
		["a client key without its certificate", { mqtt: { broker: "b", client_key: "k.der" } }, "need each other"],
		[
			"a client certificate without TLS",
			{ mqtt: { broker: "b", client_cert: ["c.der"], client_key: "k.der" } },
			"mqtt.client_cert is given without mqtt.certificate",
		],
		["TLS 1.3", { mqtt: { broker: "b", tls_version: "1.3" } }, "1.2, 1.1 or 1.0: the device speaks none above; a hub"],
		[
			"a client certificate with TLS 1.1",
			{ mqtt: { broker: "b", certificate: "ca", client_cert: "c", client_key: "k", tls_version: "1.1" } },
			"mqtt.client_cert needs TLS 1.2",
		],
		["no version of TLS", { mqtt: { broker: "b", tls_version: "2" } }, "must be one of auto, 1.0, 1.1, 1.2, 1.3"],
		["no protocol for ALPN", { mqtt: { broker: "b", tls_alpn: [] } }, "mqtt.tls_alpn must be a list of texts"],
		["a protocol without a name", { mqtt: { broker: "b", tls_alpn: [""] } }, "mqtt.tls_alpn must be a list of texts"],
		["a protocol that is too long", { mqtt: { broker: "b", tls_alpn: ["m".repeat(256)] } }, "1 to 255 characters"],
		["a WebSocket path over TCP", { mqtt: { broker: "b", ws_path: "/" } }, 'need mqtt.transport "websockets"'],
		[
			"a transport that is none",
			{ mqtt: { broker: "b", transport: "ws" } },
			'must be one of tcp, websockets, not "ws"',
		],
		[
			"headers that are none",
			{ mqtt: { broker: "b", transport: "websockets", ws_headers: { a: 1 } } },
			"mqtt.ws_headers must be an object of texts",
		],
		["no block", {}, "config: mqtt.broker is missing"],
		["a block that is none", { mqtt: "hub" }, "config: mqtt must be an object"],
		["no broker", { mqtt: {} }, "config: mqtt.broker is missing"],
		[
			"an empty broker",
			{ mqtt: { broker: "" } },
			'config: mqtt.broker must be text that is not empty, without U+0000, not ""',
		],
		["a broker that no DNS can know", { broker: "hub..local" }, "config: mqtt.broker is wrong"],
		["a long label in the broker", { broker: "b".repeat(64) }, "config: mqtt.broker is wrong"],
		["a NUL in the client id", { broker: "b", client_id: "a\0" }, "config: mqtt.client_id must be text"],
		[
			"no certificate",
			{ broker: "b", certificate: [] },
			"mqtt.certificate must be a list of texts, none of them empty",
		],
		[
			"a certificate without a name",
			{ broker: "b", certificate: "a.der," },
			"mqtt.certificate must be a list of texts",
		],
		[
			"a time server's URL",
			{ broker: "b", "firmware.ntp": "ntp://time" },
			"config: firmware.ntp must be a list of names",
		],
		[
			"a WebSocket path that is none",
			{ broker: "b", transport: "websockets", ws_path: "mqtt" },
			'The WebSocket path "mqtt" must begin with /',
		],
		[
			"two headers in one",
			{ mqtt: { broker: "b", transport: "websockets", ws_headers: { a: "b\r\nc: d" } } },
			"The header a has characters that no header can have",
		],
		["an unknown key", { mqtt: { broker: "b", prot: 1 } }, "config: unknown key mqtt.prot (known: broker, port,"],
		[
			"a URL",
			{ mqtt: { broker: "mqtt://hub.local" } },
			"config: mqtt.broker is wrong: it is the broker's name or IPv4",
		],
		["a port that is text", { mqtt: { broker: "b", port: "http" } }, 'from 1 to 65535, not "http"'],
		["an empty port", { mqtt: { broker: "b", port: " " } }, "config: mqtt.port must be a whole number"],
		["a port beside the block", { mqtt: { broker: "b" }, port: "99999" }, 'from 1 to 65535, not "99999"'],
		["an unknown key with the block's name", { broker: "b", "mqtt.prot": "5" }, "config: unknown key mqtt.prot"],
		["a flag that is none", { broker: "b", tls_insecure: "no" }, 'mqtt.tls_insecure must be true or false, not "no"'],
		["a Wi-Fi without a name", { broker: "b", ssid: 5 }, "config: ssid must be text of at most 32 bytes"],
		["a long Wi-Fi's name", { broker: "b", ssid: "ü".repeat(17) }, "config: ssid must be text of at most 32 bytes"],
		["a short Wi-Fi password", { broker: "b", ssid: "home", password: "p" }, "config: password must be text of 8"],
		["port 0", { mqtt: { broker: "b", port: 0 } }, "config: mqtt.port must be a whole number from 1 to 65535, not 0"],
		["half a second", { mqtt: { broker: "b", keepalive: 0.5 } }, "config: mqtt.keepalive must be a whole number"],
		["a version that is none", { mqtt: { broker: "b", protocol: "4" } }, 'must be one of 3.1, 3.1.1, 5, not "4"'],
		["a password alone", { mqtt: { broker: "b", password: "p" } }, "mqtt.password is given without mqtt.username"],
		[
			"an interval of 0",
			{ mqtt: { broker: "b" }, firmware: { interval: 0 } },
			"firmware.interval must be a whole number from 1",
		],
		[
			"a name server's name",
			{ mqtt: { broker: "b" }, firmware: { dns: ["name.server"] } },
			"firmware.dns must be a list of IPv4 addresses",
		],
	])("with %s are refused, by name", (_what, config, message) => {
		expect(() => readSettings(config)).toThrow(UsageError);
		expect(() => readSettings(config)).toThrow(message);
	});

	test("may come from mcconfig's command line, which knows text alone, and goes before the manifest", () => {
		const manifest = { mqtt: { broker: "homeassistant.local", port: 8883, protocol: "5" }, firmware: { interval: 5 } };
		const ofMqtt = {
			broker: "hub.local",
			port: "1884",
			username: "u",
			tls_insecure: "true",
			certificate: "a.der,b.der",
		};
		const ofFirmware = { "firmware.interval": "60", "firmware.dns": "10.0.0.1,10.0.0.2" };
		expect(readSettings({ ...manifest, ...ofMqtt, ...ofFirmware })).toMatchObject({
			broker: "hub.local",
			port: 1884,
			username: "u",
			protocol: "5",
			tlsInsecure: true,
			certificate: ["a.der", "b.der"],
			interval: 60,
			dns: ["10.0.0.1", "10.0.0.2"],
		});
	});

	test.each([
		["of the Wi-Fi beside its name", { ssid: "home", password: "12345678" }, undefined, "12345678"],
		["of both", { ssid: "home", password: "12345678", "mqtt.password": "broker's" }, "broker's", "12345678"],
		["of the broker where there is no Wi-Fi", { password: "broker's" }, "broker's", undefined],
	])("take a password %s", (_whose, given, password, ofWiFi) => {
		const settings = readSettings({ broker: "b", username: "u", ...given });
		expect(settings.password).toBe(password);
		expect(settings.wifi?.password).toBe(ofWiFi);
	});

	test.each([{ mqtt: { broker: "b", username: "u", password: 1234 } }, { broker: "b", ssid: "home", password: 1234 }])(
		"that are wrong do not show the password: %#",
		(config) => {
			expect(() => readSettings(config)).toThrow(
				expect.not.objectContaining({ message: expect.stringContaining("1234") }),
			);
		},
	);
});

describe("the client's options", () => {
	test.each([
		[{}, undefined],
		[{ certificate: ["ca.der"] }, 30_000],
	])("leave with %j the time that a handshake takes on an ESP32", (tls, connectTimeout) => {
		const settings = readSettings({ mqtt: { broker: "b", ...tls } });
		const options = clientOptions(settings, "dut", { topic: "will", payload: "offline" }, () => {});
		expect(options.connectTimeout).toBe(connectTimeout);
	});
});

describe("the topics", () => {
	test.each([
		["kitchen", "motehub/kitchen"],
		["a/b+c#d", "motehub/a_b_c_d"],
		["Küche", "motehub/Küche"],
	])("of the client id %j begin with %s", (clientId, base) => {
		expect(new Topics(clientId)).toEqual({ base, diagnostics: `${base}/diagnostics`, update: `${base}/update` });
	});
});

describe("a command", () => {
	const done: string[] = [];
	const target: CommandTarget = {
		setInterval: (interval) => done.push(`interval ${interval}`),
		identify: (duration) => done.push(`identify ${duration}`),
		restart: () => done.push("restart"),
	};

	beforeEach(() => {
		done.length = 0;
	});

	test.each([
		["", 5],
		["1", 1],
		["60", 60],
	])("identify with %j takes %d s", (argument, duration) => {
		identify(target, argument);
		expect(done).toEqual([`identify ${duration}`]);
	});

	test.each([
		["0", '"0" is not a whole number of seconds from 1 to 60'],
		["61", '"61" is not a whole number of seconds from 1 to 60'],
		["5.5", '"5.5" is not a whole number'],
		["-5", '"-5" is not a whole number'],
		["soon", '"soon" is not a whole number'],
		["9".repeat(17), "the payload is not a whole number"],
	])("identify with %j is refused: %s", (argument, message) => {
		expect(() => identify(target, argument)).toThrow(CommandError);
		expect(() => identify(target, argument)).toThrow(message);
		expect(done).toEqual([]);
	});

	test("interval takes whole seconds alone", () => {
		setInterval(target, 3_600);
		expect(() => setInterval(target, 5.5)).toThrow('"5.5" is not a whole number of seconds from 1 to 3600');
		expect(done).toEqual(["interval 3600"]);
	});
});

describe("the firmware in Home Assistant", () => {
	const nothing: CommandTarget = { setInterval: () => undefined, identify: () => undefined, restart: () => undefined };

	test.each([
		["living_room-2", "living_room-2"],
		["a/b", "a_2fb"],
		["Küche", "K_fcche"],
	])("has for the client id %j the device id %s", (clientId, id) => {
		expect(homeAssistantOptions(clientId, new Topics(clientId), nothing).device).toMatchObject({ id, name: clientId });
	});

	test("shows the package's version", () => {
		const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
		expect(JSON.parse(text)).toMatchObject({ version: VERSION });
	});
});

describe("the default client id", () => {
	const withMac = (mac: string | undefined): NetService =>
		({ get: (what: string) => (what === "MAC" ? mac : undefined) }) as NetService;

	test("is made from the MAC address", () => {
		const store = new MemoryStore();
		expect(defaultClientId(withMac("A4:D1:8C:DB:C0:20"), store, new SeededRandom())).toBe("motehub-dbc020");
		expect(store.writes).toBe(0);
	});

	test("is drawn once where there is none, fits MQTT 3.1, and stays the same after a restart", () => {
		const store = new MemoryStore();
		const first = defaultClientId(withMac(undefined), store, new SeededRandom(1));
		expect(first).toMatch(/^motehub-[0-9a-f]{8}$/);
		expect(defaultClientId(withMac(undefined), store.copy(), new SeededRandom(2))).toBe(first);
	});
});

describe("the modelled climate", () => {
	const HOUR = 3_600_000;

	test("stays in what a living room has, over a year", () => {
		const clock = new VirtualClock();
		const random = new SeededRandom(3);
		const model = new ClimateModel(clock, () => random.next());
		for (let hour = 0; hour < 365 * 24; hour++) {
			const { temperature, humidity } = model.read();
			expect(temperature).toBeGreaterThan(14);
			expect(temperature).toBeLessThan(28);
			expect(humidity).toBeGreaterThan(20);
			expect(humidity).toBeLessThan(76);
			clock.advance(HOUR);
		}
	});

	test("moves, but not by leaps: neighbouring seconds are close, and hours are not all the same", () => {
		const clock = new VirtualClock();
		const random = new SeededRandom(4);
		const model = new ClimateModel(clock, () => random.next());
		const hours: number[] = [];
		for (let hour = 0; hour < 24; hour++) {
			const before = model.read().temperature;
			clock.advance(1_000);
			expect(Math.abs(model.read().temperature - before)).toBeLessThan(0.4);
			hours.push(before);
			clock.advance(HOUR);
		}
		expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(2);
	});
});
