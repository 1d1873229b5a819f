import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { closing, cutOff, dismissal, MqttJs, receive, receiveText, TRANSPORTS, VERSIONS } from "./support/mqtt-js.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

const USER = { username: "homeassistant", password: "correct horse" };
const CASES = TRANSPORTS.flatMap((transport) => VERSIONS.map((version) => ({ transport, version })));
const BAD_CREDENTIALS = { "3.1": 4, "3.1.1": 4, "5": 0x86 } as const;

describe.each(CASES)("MQTT.js over $transport, MQTT $version", ({ transport, version }) => {
	let running: RunningHub;
	let clients: MqttJs;
	/** What makes a session outlive its connection. */
	const lasting = { clean: false, ...(version === "5" ? { properties: { sessionExpiryInterval: 3_600 } } : {}) };

	beforeAll(async () => {
		running = await startHub({ users: { homeassistant: "correct horse" } });
	});
	afterAll(() => running.hub.close());
	beforeEach(() => {
		clients = new MqttJs(running, transport, version);
	});
	afterEach(() => clients.end());

	test("a wrong password and a missing one are refused with the version's code", async () => {
		const wrong = clients.connect({ username: "homeassistant", password: "wrong" });
		await expect(wrong).rejects.toMatchObject({ code: BAD_CREDENTIALS[version] });
		const unknown = clients.connect({ username: "nobody", password: "correct horse" });
		await expect(unknown).rejects.toMatchObject({ code: BAD_CREDENTIALS[version] });
		await expect(clients.connect()).rejects.toMatchObject({ code: version === "5" ? 0x87 : 5 });
	});

	test.each([0, 1, 2] as const)("a message at QoS %i makes the round trip once", async (qos) => {
		const subscriber = await clients.connect(USER);
		const publisher = await clients.connect(USER);
		await expect(subscriber.subscribeAsync("round/+", { qos })).resolves.toMatchObject([{ topic: "round/+", qos }]);
		const received = receive(subscriber, 2);
		await publisher.publishAsync("round/trip", "21.5", { qos });
		await publisher.publishAsync("round/end", "", { qos });
		expect(await received).toMatchObject([
			{ topic: "round/trip", payload: Buffer.from("21.5"), qos, retain: false },
			{ topic: "round/end", payload: Buffer.alloc(0), qos, retain: false },
		]);
	});

	test("a retained message reaches a later subscriber, until an empty one removes it", async () => {
		const publisher = await clients.connect(USER);
		await publisher.publishAsync("kept/state", "on", { qos: 1, retain: true });
		const first = await clients.connect(USER);
		const kept = receive(first, 1);
		await first.subscribeAsync("kept/#", { qos: 1 });
		expect(await kept).toMatchObject([{ topic: "kept/state", payload: Buffer.from("on"), retain: true }]);

		await publisher.publishAsync("kept/state", "", { qos: 1, retain: true });
		const second = await clients.connect(USER);
		const next = receiveText(second);
		await second.subscribeAsync("kept/#", { qos: 1 });
		await publisher.publishAsync("kept/marker", "after", { qos: 1 });
		expect(await next).toBe("kept/marker=after");
	});

	test("a will is published when the connection is lost, and not after DISCONNECT", async () => {
		const watcher = await clients.connect(USER);
		await watcher.subscribeAsync("will/#", { qos: 1 });
		const will = (topic: string) => ({
			will: { topic, payload: Buffer.from("offline"), qos: 1 as const, retain: false },
		});
		const inOrder = await clients.connect({ ...USER, ...will("will/in-order") });
		const lost = await clients.connect({ ...USER, ...will("will/lost") });
		const published = receiveText(watcher);
		await inOrder.endAsync();
		await cutOff(lost);
		expect(await published).toBe("will/lost=offline");
	});

	test("a session keeps its subscriptions and messages while its client is away", async () => {
		const session = { ...USER, ...lasting, clientId: `resume-${transport}-${version}` };
		const before = await clients.connect(session);
		await before.subscribeAsync("away/#", { qos: 1 });
		await before.endAsync();
		const publisher = await clients.connect(USER);
		await publisher.publishAsync("away/news", "1", { qos: 1 });
		await publisher.publishAsync("away/news", "2", { qos: 1 });

		const { sessionPresent, inbox } = await clients.resume(session);
		await inbox.has(2);
		await publisher.publishAsync("away/news", "3", { qos: 1 });
		await inbox.has(3);
		expect(inbox.texts).toEqual(["1", "2", "3"]);
		// CONNACK of MQTT 3.1 has no such flag.
		if (version !== "3.1") expect(sessionPresent).toBe(true);
	});

	test("nothing is delivered after UNSUBSCRIBE", async () => {
		const client = await clients.connect(USER);
		await client.subscribeAsync(["gone/#", "still/#"], { qos: 0 });
		await client.unsubscribeAsync("gone/#");
		const next = receiveText(client);
		await client.publishAsync("gone/a", "not delivered");
		await client.publishAsync("still/a", "delivered");
		expect(await next).toBe("still/a=delivered");
	});

	test("[MQTT-4.2.0-1] [3.1.1 MQTT-7.1.1-1] a payload of 1 MB arrives unchanged", async () => {
		const client = await clients.connect(USER);
		await client.subscribeAsync("large", { qos: 1 });
		const payload = randomBytes(1_048_576);
		const received = receive(client, 1);
		await client.publishAsync("large", payload, { qos: 1 });
		expect(digest((await received)[0]?.payload)).toBe(digest(payload));
	});

	test("a second connection with the same client id takes the first one's place", async () => {
		const clientId = `twin-${transport}-${version}`;
		const first = await clients.connect({ ...USER, clientId });
		const told = version === "5" ? dismissal(first) : undefined;
		const closed = closing(first);
		const second = await clients.connect({ ...USER, clientId });
		await closed;
		if (told !== undefined) expect(await told).toBe(0x8e);
		await expect(second.subscribeAsync("twin", { qos: 0 })).resolves.toHaveLength(1);
	});
});

function digest(bytes: Uint8Array | undefined): string | undefined {
	return bytes && createHash("sha256").update(bytes).digest("hex");
}
