import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Observer } from "./support/observer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";
import { Devices } from "./support/simulated.ts";

describe("the firmware over WebSocket", () => {
	const devices = new Devices();
	let running: RunningHub;
	let observer: Observer;

	beforeEach(async () => {
		running = await startHub();
		observer = await Observer.start(running.port);
	});
	afterEach(async () => {
		await devices.end();
		await observer.end();
		await running.hub.close();
	});

	test.each(["3.1", "3.1.1", "5"])("publishes its readings and obeys commands, in MQTT %s", async (protocol) => {
		const device = devices.firmware(running.httpPort, { transport: "websockets", protocol });
		expect(await device.says(/^info: online/)).toContain(`protocol=${protocol},`);
		await observer.hears("state", /temperature/, 2);
		await observer.command("interval", "30");
		await observer.hears("interval", /^30$/);
	});

	test("comes back when the connection is lost, and says goodbye when it ends", async () => {
		const device = devices.firmware(running.httpPort, { transport: "websockets" }, { speed: 4 });
		await observer.hears("state", /./);
		device.simulated.drop();
		await observer.hears("availability", /^offline$/);
		await observer.hears("availability", /^online$/, 2);
		expect(await device.simulated.stop()).toEqual({});
		await observer.hears("availability", /^offline$/, 2);
	});

	test("says what is wrong with a port that is no WebSocket's", async () => {
		const device = devices.firmware(running.port, { transport: "websockets" });
		expect(await device.says(/^info: offline/)).toMatch(/phase=websocket, .*instead of an answer/);
	});

	test("says what is wrong with a path that is not there", async () => {
		const proxy = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
		await once(proxy, "listening");
		const { port } = proxy.address() as AddressInfo;
		const device = devices.firmware(port, { transport: "websockets", ws_path: "/mqtt" });
		expect(await device.says(/^info: offline/)).toMatch(/phase=websocket, .*answers 404 Not Found/);
		proxy.close();
	});
});
