import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { Household } from "./support/household.ts";

describe("the firmware over WebSocket", () => {
	const home = new Household();

	test.each(["3.1", "3.1.1", "5"])("publishes its readings and obeys commands, in MQTT %s", async (protocol) => {
		const device = home.devices.firmware(home.httpPort, { transport: "websockets", protocol });
		expect(await device.says(/^info: online/)).toContain(`protocol=${protocol},`);
		await home.observer.hears("state", /temperature/, 2);
		await home.observer.command("interval", "30");
		await home.observer.hears("interval", /^30$/);
	});

	test("comes back when the connection is lost, and says goodbye when it ends", async () => {
		const device = home.devices.firmware(home.httpPort, { transport: "websockets" }, { speed: 4 });
		await home.observer.hears("state", /./);
		device.simulated.drop();
		await home.observer.hears("availability", /^offline$/);
		await home.observer.hears("availability", /^online$/, 2);
		expect(await device.simulated.stop()).toEqual({});
		await home.observer.hears("availability", /^offline$/, 2);
	});

	test("says what is wrong with a port that is no WebSocket's", async () => {
		const device = home.devices.firmware(home.port, { transport: "websockets" });
		expect(await device.says(/^info: offline/)).toMatch(/phase=websocket, .*instead of an answer/);
	});

	test("says what is wrong with a path that is not there", async () => {
		const proxy = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
		await once(proxy, "listening");
		const { port } = proxy.address() as AddressInfo;
		const device = home.devices.firmware(port, { transport: "websockets", ws_path: "/mqtt" });
		expect(await device.says(/^info: offline/)).toMatch(/phase=websocket, .*answers 404 Not Found/);
		proxy.close();
	});
});
