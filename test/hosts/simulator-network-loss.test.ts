import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Household } from "./support/household.ts";
import { Devices } from "./support/simulated.ts";

describe("a firmware whose Wi-Fi is lost", () => {
	const home = new Household();

	test("opens no connection while it is gone, and is back soon after it", async () => {
		const device = home.devices.firmware(home.port, {}, { speed: 20 });
		await home.observer.hears("state", /./);
		device.simulated.loseWiFi();
		expect(await device.says(/^info: offline/)).toMatch(/reason=the Wi-Fi is lost/);
		expect(await device.says(/^info: offline/, 4)).toMatch(/reason=there is no Wi-Fi at present/);
		expect(device.lines.filter((line) => line.startsWith("debug: socket refused"))).toEqual([]);
		device.simulated.restoreWiFi();
		await device.says(/^info: Wi-Fi is up$/);
		await device.says(/^info: online/, 2);
		await home.observer.hears("diagnostics", /the Wi-Fi is lost/);
	});

	test("goes on trying to join when the access point comes up after it", async () => {
		const device = home.devices.firmware(home.port, {}, { speed: 20 });
		device.simulated.loseWiFi();
		expect(await device.says(/^info: offline/, 3)).toMatch(/reason=there is no Wi-Fi at present/);
		expect(device.lines.filter((line) => line.startsWith("info: online"))).toEqual([]);
		device.simulated.restoreWiFi();
		await device.says(/^info: Wi-Fi is up$/);
		await home.observer.hears("availability", /^online$/);
	});
});

describe("a connection that needs the time", () => {
	const devices = new Devices();
	const earliest = Date.UTC(2026, 10, 1) / 1_000;
	let server: Server;
	let port: number;

	beforeEach(async () => {
		server = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
		await once(server, "listening");
		port = (server.address() as AddressInfo).port;
	});
	afterEach(async () => {
		await devices.end();
		server.close();
	});

	test("waits until the clock is set by SNTP", async () => {
		const now = Date.UTC(2027, 5, 1);
		const device = await devices.app("clock", { port, earliest }, 1, { timeServer: () => now });
		await device.says(/^the clock is not set$/);
		await device.says(/^info: clock set \(time=2027-06-01T00:00:00.000Z\)$/);
		expect(await device.says(/^opened at/)).toMatch(/^opened at 18118080\d\d$/);
	});

	test("is not opened when the time server's time is before the firmware's build", async () => {
		const device = await devices.app("clock", { port, earliest }, 1, { timeServer: () => Date.UTC(2020, 0, 1) });
		expect(await device.says(/^closed/)).toBe(
			"closed: tls: the time is not known: the time server 10.0.2.4 is of no use: its time is before this firmware was built",
		);
	});

	test("is not opened when nobody answers", async () => {
		const device = await devices.app("clock", { port, earliest }, 1, { speed: 20, timeServer: () => undefined });
		expect(await device.says(/^closed/)).toMatch(/no answer from the time server 10\.0\.2\.4$/);
	});
});
