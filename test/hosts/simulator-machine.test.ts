import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { BROKERS } from "./support/brokers.ts";
import { Devices } from "./support/simulated.ts";

/** Of lwIP on the ESP32. */
const BUFFER = 5_760;

describe("the simulated machine", () => {
	const devices = new Devices();
	const servers: Server[] = [];

	afterEach(async () => {
		await devices.end();
		for (const server of servers.splice(0)) server.close();
	});

	describe("aborts, as a device does, on", () => {
		test("an exception that leaves a callback", async () => {
			const device = await devices.app("exception-in-timer");
			const { reason } = await device.simulated.ended;
			expect(reason).toBe("the machine aborted: TypeError: nobody catches this");
			expect(device.lines).toEqual([]);
		});

		test("a rejection that nobody handles", async () => {
			const device = await devices.app("unhandled-rejection");
			const { reason } = await device.simulated.ended;
			expect(reason).toBe("the machine aborted: unhandled rejection: TypeError: nobody listens");
		});

		test("a turn that does not end", async () => {
			const device = await devices.app("endless-loop");
			const { reason } = await device.simulated.ended;
			expect(reason).toMatch(/^the machine aborted: .*compute limit exceeded$/);
			expect(device.lines).toContain("looping");
		});

		test("a bundle that is no script", async () => {
			const device = devices.add({ bundle: "this is no script", config: {} });
			expect((await device.simulated.ended).reason).toMatch(/^the machine aborted: SyntaxError/);
		});
	});

	test("has nothing that a device has not, and its built-in objects are frozen", async () => {
		const device = await devices.app("realm");
		await device.says(/half/);
		expect(device.lines.slice(0, 3)).toEqual([
			"present: ",
			expect.stringMatching(/^set name: TypeError/),
			expect.stringMatching(/^prototypes: TypeError/),
		]);
		expect(device.lines.at(-1)).toBe("half a line, the other half");
	});

	test("draws other random numbers after each start, and the same ones for the same seed", async () => {
		const lines = await Promise.all([1, 2, 1].map((seed) => randomOf(seed)));
		expect(lines[0]).toBe(lines[2]);
		expect(lines[0]).not.toBe(lines[1]);
	});

	test("has sockets with small buffers and credit, which refuse what lwIP refuses", async () => {
		const server = createServer((socket) => {
			socket.once("data", () => socket.end(Buffer.alloc(10_000, 7)));
		});
		servers.push(server);
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const device = await devices.app("sockets", { port: (server.address() as AddressInfo).port });
		await device.says(/^write after close/);
		expect(device.lines.slice(0, 3)).toEqual([
			"bad address: invalid address",
			`writable ${BUFFER}`,
			"write too much: would block",
		]);
		expect(device.lines).toContain("read too much: invalid");
		const read = device.lines.flatMap((line) => /^readable (\d+)$/.exec(line)?.[1] ?? []).map(Number);
		expect(Math.max(...read)).toBeLessThanOrEqual(BUFFER);
		expect(read.reduce((sum, count) => sum + count, 0)).toBe(10_000);
		expect(device.lines.slice(-2)).toEqual(["error", "write after close: socket is closed"]);
	});

	test("lives on when handlers of the client throw: each exception is logged, and the client works", async () => {
		const broker = await BROKERS[0]?.start?.();
		if (!broker) throw new Error("our hub is not there");
		const device = await devices.app("throwing-handler", { port: broker.port });
		await Promise.all([device.says(/^message 5$/), device.says(/^published$/)]);
		for (const where of ["onState", "subscribe's done", "a handler", "done"]) {
			await device.says(new RegExp(`^error: .*TypeError: from ${where}$`));
		}
		device.simulated.drop();
		await device.says(/^state online$/, 2);
		await broker.close();
	});

	async function randomOf(seed: number): Promise<string> {
		const device = await devices.app("realm", {}, seed);
		return device.says(/^random: /);
	}
});
