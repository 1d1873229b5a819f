import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Household } from "./support/household.ts";
import { Devices } from "./support/simulated.ts";

/** Takes connections, and lets them be. */
async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
	const server = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
	await once(server, "listening");
	return { server, port: (server.address() as AddressInfo).port };
}

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

describe("an application with the library's Wi-Fi", () => {
	const devices = new Devices();
	let server: Server;
	let port: number;

	beforeEach(async () => {
		({ server, port } = await listen());
	});
	afterEach(async () => {
		await devices.end();
		server.close();
	});

	test("that is up before its access point starts when it is let in", async () => {
		const device = await devices.app("joining", { port, ssid: "simulated", password: "12345678" }, 1, { speed: 20 });
		device.simulated.loseWiFi();
		await device.says(/^waiting$/, 3);
		expect(device.lines).not.toContain("main");
		device.simulated.restoreWiFi();
		await device.says(/^opened in/);
	});

	test("whose main throws ends the machine, as with the SDK, also when it had to wait", async () => {
		const settings = { port, ssid: "simulated", fault: "main is broken" };
		const device = await devices.app("joining", settings, 1, { speed: 20 });
		device.simulated.loseWiFi();
		await device.says(/^waiting$/);
		device.simulated.restoreWiFi();
		const { reason } = await device.simulated.ended;
		expect(reason).toBe("the machine aborted: Error: main is broken");
	});

	test("finds the clock set, as with the SDK", async () => {
		const settings = { port, ssid: "simulated", sntp: "10.0.2.4" };
		const device = await devices.app("joining", settings, 1, { timeServer: () => Date.UTC(2031, 5, 1) });
		await device.says(/^opened in 2031$/);
	});

	test("starts also when no time server answers", async () => {
		const settings = { port, ssid: "simulated", sntp: "10.0.2.4" };
		const device = await devices.app("joining", settings, 1, { speed: 20, timeServer: () => undefined });
		await device.says(/^warn: the clock is not set \(reason=.*10\.0\.2\.4/);
		await device.says(/^opened in/);
	});

	test("starts at once when no Wi-Fi is configured", async () => {
		const device = await devices.app("joining", { port });
		await device.says(/^opened in/);
	});
});

describe("a connection that needs the time", () => {
	const devices = new Devices();
	const earliest = Date.UTC(2026, 10, 1) / 1_000;
	let server: Server;
	let port: number;

	beforeEach(async () => {
		({ server, port } = await listen());
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
