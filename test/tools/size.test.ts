import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { DEVICE_LIMITS } from "../../src/client/index.ts";
import { encode, encodePublish } from "../../src/codec/index.ts";
import { count } from "../../tools/size/counts.ts";
import { bundleDevice } from "../../tools/size/device-bundle.ts";
import { AcceptingBroker } from "../../tools/size/heap/broker.ts";
import { smallest } from "../../tools/size/heap/smallest.ts";
import { asJson, asText, describeConnecting, describeHeaps, type Report } from "../../tools/size/report.ts";

/** Bytes that one slot takes on an ESP32. */
const SLOT = 16;
/** Bytes of static heap in which Moddable's own MQTT client manages to connect, subscribe and publish. */
const SDK_CLIENT_HEAP = 12_288;

const REPORT: Report = {
	counts: {
		receive: 3_000,
		publishQos0: 4_500,
		publishQos1: 8_000,
		decode: 1_300,
		encode: 1_400,
		parse: 6_000,
		generateQos0: 9_000,
		generateQos1: 10_000,
		writesQos1: 1,
		writesQos1Late: 0,
		turn: 99_000,
		turnMessages: 16,
		clientSlots: 700,
		slotsByModule: { "client/outbox": 400, "codec/decoder": 200 },
	},
	bundle: { code: "12345678", parts: new Map(Object.entries({ client: 5, codec: 3 })) },
	bytecode: 1_234_567,
};

describe("what the device's code costs", () => {
	test("receiving takes at most half of what mqtt-packet takes to parse; the client fits where the SDK's does", async () => {
		const { receive, parse, clientSlots, slotsByModule, writesQos1, writesQos1Late, turn, turnMessages } =
			await count();
		expect(receive).toBeLessThanOrEqual(parse / 2);
		expect(clientSlots * SLOT).toBeLessThanOrEqual(SDK_CLIENT_HEAP);
		expect(Object.keys(slotsByModule)).toEqual(expect.arrayContaining(["client/subscriptions", "codec/decoder"]));
		const slotsOfObjects = Object.values(slotsByModule).reduce((sum, slots) => sum + slots, 0);
		expect(slotsOfObjects).toBeGreaterThan(clientSlots / 2);
		expect(slotsOfObjects).toBeLessThanOrEqual(clientSlots);
		expect([writesQos1, writesQos1Late]).toEqual([1, 0]);
		expect(turnMessages).toBe(DEVICE_LIMITS.packetsPerTurn);
		expect(turn).toBeLessThanOrEqual(turnMessages * 2 * receive);
	}, 60_000);

	test("the parts of the bundle are all of it", async () => {
		const { code, parts } = await bundleDevice();
		expect([...parts.keys()]).toEqual(
			expect.arrayContaining(["client", "codec", "mqtt-packet", "device network", "firmware"]),
		);
		const sum = [...parts.values()].reduce((total, bytes) => total + bytes, 0);
		// The rest is what esbuild puts around them.
		expect(sum).toBeLessThanOrEqual(code.length);
		expect(sum).toBeGreaterThan(code.length * 0.95);
	});
});

describe("the size report", () => {
	test("names every figure", () => {
		const text = asText(REPORT);
		for (const figure of [
			"3,000",
			"6,000",
			"0.50",
			"0.80",
			"700",
			"11,200",
			"client/outbox",
			"6,400",
			"1,600",
			"each kept",
			"99,000",
			"client, minified",
			"1,234,567",
		]) {
			expect(text).toContain(figure);
		}
	});

	test("says that bytecode was not measured without an SDK", () => {
		expect(asText({ ...REPORT, bytecode: undefined })).toMatch(
			/bytecode in flash\s+not measured: no Moddable SDK found/,
		);
		expect(JSON.parse(asJson({ ...REPORT, bytecode: undefined }))).toMatchObject({ bytecode: null });
	});

	test("is JSON for programs", () => {
		expect(JSON.parse(asJson(REPORT))).toEqual({
			counts: REPORT.counts,
			minified: { client: 5, codec: 3, total: 8 },
			bytecode: 1_234_567,
			flash: null,
		});
	});

	test("says what the flash of a board holds, if an SDK could tell", () => {
		const flash = { bytecode: new Map([["client", 60_000]]), heap: 400_000, aliases: 140, resources: 4_632 };
		const text = asText({ ...REPORT, flash });
		for (const figure of ["bytecode, client", "60,000", "400,000", "560", "4,632"]) expect(text).toContain(figure);
		expect(JSON.parse(asJson({ ...REPORT, flash }))).toMatchObject({
			flash: { bytecode: { client: 60_000 }, heap: 400_000, aliases: 140, resources: 4_632 },
		});
	});
});

describe("the smallest heap that does", () => {
	test.each([1, 17, 64, 99, 100])("is found where it is %i, in steps", async (least) => {
		for (const step of [1, 8]) {
			const found = await smallest({ low: 0, high: 104, step }, async (candidate) => candidate >= least);
			expect(found).toBe(Math.ceil(least / step) * step);
		}
	});

	test("is told beside the SDK's", () => {
		const use = { heap: 15_168, heapByDefault: 16_896, stack: 4_432, slots: 6_912, chunks: 788 };
		const text = describeHeaps([
			{ subject: { client: "motehub", transport: "tcp" }, ...use },
			{ subject: { client: "sdk", transport: "tls" }, ...use, heap: 17_408 },
		]);
		for (const figure of ["motehub, TCP", "15,168", "16,896", "4,432", "6,912", "788", "the SDK's, TLS", "17,408"]) {
			expect(text).toContain(figure);
		}
	});

	test("and the times to connect are told side by side", () => {
		const times = { median: 40.46, least: 37.2, most: 43 };
		const text = describeConnecting([{ subject: { client: "sdk", transport: "tcp" }, ...times }]);
		for (const figure of ["the SDK's, TCP", "40.5", "37.2", "43.0"]) expect(text).toContain(figure);
	});

	test("is tried against a broker that accepts everyone and tells what was published", async () => {
		const broker = new AcceptingBroker();
		const published = new Promise<number>((resolve) => (broker.onPublish = resolve));
		const socket = connect({ host: "127.0.0.1", port: await broker.listen() });
		socket.write(
			encode({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "x", keepalive: 0 }, 4),
		);
		const [connack] = (await once(socket, "data")) as [Buffer];
		expect([...connack]).toEqual([0x20, 2, 0, 0]);
		const subscription = { topic: "t", qos: 0, nl: false, rap: false, rh: 0 } as const;
		socket.write(encode({ cmd: "subscribe", messageId: 7, subscriptions: [subscription] }, 4));
		const [suback] = (await once(socket, "data")) as [Buffer];
		expect([...suback]).toEqual([0x90, 3, 0, 7, 0]);
		const header = {
			topic: "t",
			qos: 0,
			retain: false,
			dup: false,
			messageId: undefined,
			properties: undefined,
		} as const;
		socket.write(encodePublish(header, new Uint8Array(300), 4));
		expect(await published).toBe(300);
		socket.destroy();
		broker.close();
	});
});
