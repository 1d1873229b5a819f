import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { BROKERS, type RunningBroker } from "./support/brokers.ts";
import { Observer } from "./support/observer.ts";
import { type Device, Devices } from "./support/simulated.ts";

for (const { name, start } of BROKERS) {
	const title = start ? `the firmware and ${name}` : `the firmware and ${name} (skipped: it is not installed)`;
	(start ? describe : describe.skip)(title, () => {
		const devices = new Devices();
		let broker: RunningBroker;
		let observer: Observer;

		beforeAll(async () => {
			if (start) broker = await start();
		});
		beforeEach(async () => {
			observer = await Observer.start(broker.port);
		});
		afterEach(async () => {
			await devices.end();
			await forgetRetained();
			await observer.end();
		});
		afterAll(() => broker.close());

		/** What one test leaves retained is not for the next one. */
		async function forgetRetained(): Promise<void> {
			const topics = ["availability", "firmware", "interval", "state", "command/interval", "command/restart"];
			for (const topic of topics) {
				await observer.client.publishAsync(`motehub/dut/${topic}`, "", { retain: true, qos: 1 });
			}
		}

		async function online(mqtt: Readonly<Record<string, unknown>> = {}, speed = 4): Promise<Device> {
			const device = devices.firmware(broker.port, mqtt, { speed });
			await observer.hears("state", /uptime/);
			return device;
		}

		test("its birth, its interval and its readings are retained", async () => {
			await online();
			await observer.hears("interval", /./); // or else the late one gets it as it is published
			const late = await Observer.start(broker.port);
			expect(await late.hears("availability", /./)).toEqual(expect.objectContaining({ text: "online", retain: true }));
			expect(await late.hears("interval", /./)).toEqual(expect.objectContaining({ text: "1", retain: true }));
			const state = await late.hears("state", /./);
			expect(state.retain).toBe(true);
			expect(JSON.parse(state.text)).toEqual({
				temperature: expect.any(Number),
				humidity: expect.any(Number),
				uptime: expect.any(Number),
				signal: expect.any(Number),
			});
			await late.end();
		});

		test("readings come one after the other, with growing uptime", async () => {
			await online();
			await observer.hears("state", /./, 4);
			const uptimes = observer.all("state").map((text) => (JSON.parse(text) as { uptime: number }).uptime);
			expect(uptimes).toEqual([...uptimes].sort((a, b) => a - b));
			expect(new Set(uptimes).size).toBe(uptimes.length);
		});

		test("commands are obeyed, and refused with a reason", async () => {
			const device = await online();
			await observer.command("interval", "30");
			await observer.hears("interval", /^30$/);
			await observer.command("identify", "3");
			await device.says(/^simulator: the LED blinks for 3 s$/);
			await observer.command("interval", "soon");
			const refusal = await observer.hears("diagnostics", /command-refused/);
			expect(JSON.parse(refusal.text)).toEqual({
				event: "command-refused",
				topic: "motehub/dut/command/interval",
				reason: "the payload is no number from 1 to 3600",
			});
			await observer.command("explode", Buffer.from([0xff]));
			await observer.hears("diagnostics", /there is no such command/);
			await observer.command("interval", Buffer.alloc(5_000, "9"));
			await observer.command("interval", "31");
			await observer.hears("interval", /^31$/);
		});

		test("a restart says goodbye, comes back, and keeps the interval", async () => {
			const device = await online();
			await observer.command("interval", "7");
			await observer.hears("interval", /^7$/);
			await observer.command("restart");
			await device.says(/^simulator: the machine restarts$/);
			await observer.hears("availability", /^online$/, 2);
			expect(observer.all("availability")).toEqual(["online", "offline", "online"]);
			await observer.hears("interval", /^7$/, 2);
		});

		test("a retained restart is refused, or the device would restart for ever", async () => {
			await observer.command("restart", "now", true);
			await online();
			await observer.hears("diagnostics", /retained/);
			await observer.hears("state", /./, 2);
			expect(observer.all("availability")).toEqual(["online"]);
		});

		test("the will speaks when power is cut", async () => {
			const device = await online();
			await device.simulated.kill();
			await observer.hears("availability", /^offline$/);
			expect(device.lines).not.toContain("info: ended");
		});

		test("the will does not speak after a clean end", async () => {
			const device = await online();
			expect(await device.simulated.stop()).toEqual({});
			await observer.hears("availability", /^offline$/);
			// The broker has seen the connection close when a later device of the same id is online.
			await online();
			await observer.hears("availability", /^online$/, 2);
			expect(observer.all("availability")).toEqual(["online", "offline", "online"]);
		});

		test("after a lost connection it comes back, and delivers what it had to say meanwhile", async () => {
			const device = await online();
			device.simulated.drop();
			await observer.hears("availability", /^offline$/);
			const report = await observer.hears("diagnostics", /disconnected/);
			expect(JSON.parse(report.text)).toMatchObject({ event: "disconnected", phase: "online", protocol: "3.1.1" });
			await observer.hears("availability", /^online$/, 2);
			await observer.command("interval", "9");
			await observer.hears("interval", /^9$/);
		});

		test("a connection that has died silently is found, and replaced", async () => {
			const device = await online({ keepalive: 10 }, 20);
			device.simulated.stall(3_600_000);
			expect(await device.says(/^info: offline/)).toMatch(/phase=online/);
			await device.says(/^info: online/, 2);
			await observer.hears("diagnostics", /disconnected/);
		});

		test.each(["3.1", "3.1.1", "5"])("MQTT %s is spoken as asked, or one that the broker knows", async (protocol) => {
			const device = await online({ protocol });
			const spoken = protocol === "5" && name === "Aedes" ? "3.1.1" : protocol;
			expect(await device.says(/^info: online/)).toContain(`protocol=${spoken},`);
		});
	});
}
