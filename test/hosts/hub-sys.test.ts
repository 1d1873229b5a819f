import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import type { Hub } from "../../hosts/hub/index.ts";
import { LoadAverage } from "../../hosts/hub/operation/load-average.ts";
import { SysTree } from "../../hosts/hub/operation/sys-tree.ts";
import { BrokerStats } from "../../src/broker/index.ts";
import { BROKERS } from "./support/brokers.ts";
import { startHub } from "./support/running-hub.ts";

let hub: Hub | undefined;

afterEach(async () => {
	await hub?.close();
	hub = undefined;
});

/** What a client that subscribes to everything below `$SYS` is sent at once, by topic. All of it must be retained. */
async function retainedSys(port: number): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
	await client.subscribeAsync("end");
	const ended = new Promise<void>((resolve) => {
		client.on("message", (topic, payload, { retain }) => {
			if (topic === "end") resolve();
			else if (retain) found.set(topic, payload.toString());
		});
	});
	await client.subscribeAsync("$SYS/#");
	await client.publishAsync("end", "");
	await ended;
	await client.endAsync();
	return found;
}

/** A value with its digits as zeros. */
function shape(value: string): string {
	return value.replace(/\d+/g, "0");
}

describe("$SYS", () => {
	const mosquitto = BROKERS.find(({ name }) => name === "Mosquitto")?.start;
	(mosquitto === undefined ? test.skip : test)(
		"has the topics of Mosquitto, with values of the same form",
		async () => {
			const broker = await (mosquitto as NonNullable<typeof mosquitto>)();
			const theirs = await retainedSys(broker.port);
			await broker.close();
			const running = await startHub();
			hub = running.hub;
			const ours = await retainedSys(running.port);
			expect(theirs.size).toBeGreaterThan(40);
			expect([...theirs.keys()].filter((topic) => !ours.has(topic))).toEqual([]);
			expect([...ours.keys()].filter((topic) => !theirs.has(topic))).toEqual(["$SYS/broker/clients/maximum"]); // theirs comes later
			theirs.delete("$SYS/broker/version");
			for (const [topic, value] of theirs) expect([topic, shape(ours.get(topic) ?? "")]).toEqual([topic, shape(value)]);
			expect(ours.get("$SYS/broker/version")).toMatch(/^motehub version \d/);
		},
	);

	test("is published again at each interval", async () => {
		const running = await startHub({ allowAnonymous: true, sysInterval: 1 });
		hub = running.hub;
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		const connected = new Promise<string>((resolve) => {
			client.on("message", (_, payload, { retain }) => {
				if (!retain) resolve(payload.toString());
			});
		});
		await client.subscribeAsync("$SYS/broker/clients/connected");
		expect(await connected).toBe("1");
		await client.endAsync();
	});

	test("is off with an interval of 0", async () => {
		const running = await startHub({ allowAnonymous: true, sysInterval: 0 });
		hub = running.hub;
		expect((await retainedSys(running.port)).size).toBe(0);
	});
});

describe("the tree of $SYS", () => {
	const stats = new BrokerStats();
	let told: Map<string, string>;
	let heap: number;
	let tree: SysTree;

	beforeEach(() => {
		Object.assign(stats, new BrokerStats());
		told = new Map();
		heap = 1_000;
		const publish = ({ topic, payload }: { readonly topic: string; readonly payload: Uint8Array }) => {
			told.set(topic.replace("$SYS/broker/", ""), Buffer.from(payload).toString());
		};
		tree = new SysTree({ version: "1.2.3", stats, heap: () => heap, publish }, 5_000);
		tree.update(5_000);
	});

	test("tells everything first, then only what has changed", () => {
		expect(told.get("version")).toBe("motehub version 1.2.3");
		expect(told.get("uptime")).toBe("0 seconds");
		told.clear();
		stats.sessions = 3;
		stats.clientsConnected = 1;
		tree.update(15_900);
		expect(Object.fromEntries(told)).toEqual({
			uptime: "10 seconds",
			"clients/total": "3",
			"clients/active": "1",
			"clients/connected": "1",
			"clients/inactive": "2",
			"clients/disconnected": "2",
		});
	});

	test("remembers the most memory", () => {
		heap = 5_000;
		tree.update(6_000);
		heap = 2_000;
		tree.update(7_000);
		expect([told.get("heap/current"), told.get("heap/maximum")]).toEqual(["2000", "5000"]);
	});

	test("averages loads per minute", () => {
		for (let second = 1; second <= 60; second++) {
			stats.connectsReceived += 2;
			tree.update(5_000 + second * 1_000);
		}
		const loads = ["1min", "5min", "15min"].map((span) => Number(told.get(`load/connections/${span}`)));
		expect(loads[0]).toBeCloseTo(120 * (1 - Math.exp(-1)), 2);
		expect(loads[1]).toBeCloseTo(120 * (1 - Math.exp(-1 / 5)), 2);
		expect(loads[2]).toBeCloseTo(120 * (1 - Math.exp(-1 / 15)), 2);
	});
});

test("a load average does not depend on how often it is asked", () => {
	const often = new LoadAverage();
	const seldom = new LoadAverage();
	for (let i = 1; i <= 10; i++) often.update(i * 7, 1_000);
	seldom.update(70, 10_000);
	for (const [i, rate] of seldom.rates.entries()) expect(often.rates[i]).toBeCloseTo(rate, 9);
});
