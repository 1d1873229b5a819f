import { describe, expect, test } from "@jest/globals";
import { encode, encodeUtf8, type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

/** Nobody else notices what a client is closed for. */
function expectUnharmed(hub: BrokerHarness): void {
	const client = hub.connect({ clientId: "bystander" });
	client.subscribe("still/here");
	client.publish("still/here", "yes");
	expect(client.payloads()).toEqual(["yes"]);
	client.disconnect();
	expect(hub.eventsOf("fault")).toEqual([]);
}

describe("packets of the wrong role or at the wrong time", () => {
	const fromServer = [
		{ cmd: "connack", sessionPresent: false, reasonCode: 0 },
		{ cmd: "suback", messageId: 1, granted: [0] },
		{ cmd: "unsuback", messageId: 1, granted: [0] },
		{ cmd: "pingresp" },
	] as const;

	test.each(VERSIONS.flatMap((version) => fromServer.map((packet) => [packet.cmd, version, packet] as const)))(
		"%s from a client of level %p closes its connection",
		(_, version, packet) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version });
			client.sendBytes(encode(packet, version));
			expect(client.isClosed).toBe(true);
			expectUnharmed(hub);
		},
	);

	test.each(["publish", "subscribe", "puback", "pubrec", "pubrel", "pubcomp", "pingreq", "disconnect", "auth"])(
		"[MQTT-3.1.0-1] [MQTT-3.14.0-1] %s instead of CONNECT closes the connection",
		(cmd) => {
			const first = { publish: 0x30, subscribe: 0x82, puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 };
			const byte = { ...first, pingreq: 0xc0, disconnect: 0xe0, auth: 0xf0 }[cmd] ?? 0;
			const hub = new BrokerHarness();
			const client = hub.open(5);
			client.sendBytes(new Uint8Array([byte, 0]));
			expect(client.isClosed).toBe(true);
			expect(client.packets).toEqual([]); // [MQTT-3.14.0-1] no DISCONNECT before CONNACK
			expectUnharmed(hub);
		},
	);

	test("nothing that follows a DISCONNECT is handled", () => {
		const hub = new BrokerHarness();
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("#");
		const client = hub.connect({ clientId: "a" });
		client.send({ cmd: "disconnect", reasonCode: 0 }, client.publishPacket("t", "ghost"));
		expect(client.isClosed).toBe(true);
		expect(watcher.messages()).toEqual([]);
	});

	test("[3.1.1 MQTT-4.8.0-1] nothing that follows an error is handled", () => {
		const hub = new BrokerHarness();
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("#");
		const client = hub.connect({ clientId: "a" });
		const ghost = encode(client.publishPacket("t", "ghost"), 4);
		client.sendBytes(new Uint8Array([0x00, 0x00, ...ghost]));
		client.sendBytes(ghost);
		expect(client.isClosed).toBe(true);
		expect(watcher.messages()).toEqual([]);
	});
});

describe("malformed packets", () => {
	test.each([
		["a reserved type", [0x00, 0x00]],
		["QoS 3 ([3.1.1 MQTT-3.3.1-4] [3.1 section 2.1, QoS])", [0x36, 5, 0, 1, 0x74, 0, 1]],
		["packet id 0 ([3.1.1 MQTT-2.3.1-1] [3.1 section 2.4])", [0x32, 5, 0, 1, 0x74, 0, 0]],
		["a topic longer than the packet ([3.1.1 MQTT-3.3.2-1] [3.1 section 2.5])", [0x30, 3, 0, 9, 0x74]],
		["an empty topic ([3.1.1 MQTT-4.7.3-1])", [0x30, 2, 0, 0]],
		["a wildcard in the topic ([3.1.1 MQTT-3.3.2-2] [3.1.1 MQTT-4.7.1-1] [MQTT-4.7.0-1])", [0x30, 3, 0, 1, 0x23]],
		["U+0000 in the topic ([3.1.1 MQTT-4.7.3-2] [3.1 Appendix A])", [0x30, 3, 0, 1, 0x00]],
		["ill-formed UTF-8 in the topic", [0x30, 3, 0, 1, 0xff]],
		["a surrogate in the topic", [0x30, 5, 0, 3, 0xed, 0xa0, 0x80]],
		["a SUBSCRIBE without a filter", [0x82, 2, 0, 1]],
		["a SUBSCRIBE with wrong flags ([3.1.1 MQTT-3.8.1-1] [3.1.1 MQTT-2.2.2-1])", [0x80, 6, 0, 1, 0, 1, 0x74, 0]],
		["a SUBSCRIBE at QoS 3 ([3.1.1 MQTT-3-8.3-4])", [0x82, 6, 0, 1, 0, 1, 0x74, 3]],
		["a PUBREL with wrong flags ([3.1.1 MQTT-3.6.1-1])", [0x60, 2, 0, 1]],
		["an UNSUBSCRIBE with wrong flags ([3.1.1 MQTT-3.10.1-1])", [0xa0, 5, 0, 1, 0, 1, 0x74]],
		["a DISCONNECT with wrong flags ([3.1.1 MQTT-3.14.1-1])", [0xe1, 0]],
		["a remaining length of five bytes ([3.1 section 2.1, Remaining Length])", [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
	])("%s closes the connection, and nobody else's", (_, bytes) => {
		for (const version of [3, 4] as const) {
			const hub = new BrokerHarness();
			const client = hub.connect({ version, clientId: "a" });
			client.sendBytes(new Uint8Array(bytes));
			expect(client.isClosed).toBe(true);
			expect(hub.core.stats.protocolErrors).toBe(1);
			expectUnharmed(hub);
		}
	});

	test.each([
		["TLS", new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), /speaks TLS/],
		["a WebSocket", encodeUtf8("GET /mqtt HTTP/1.1\r\nUpgrade: websocket\r\n"), /speaks HTTP or WebSocket/],
		["an HTTP request", encodeUtf8("POST / HTTP/1.1\r\n"), /speaks HTTP or WebSocket/],
		["neither", new Uint8Array([0x30, 3, 0, 1, 0x74]), /PUBLISH/],
	])("%s in the place of CONNECT is told by its name", (_, bytes, message) => {
		const hub = new BrokerHarness();
		const client = hub.open(4);
		client.sendBytes(bytes);
		expect(client.isClosed).toBe(true);
		expect(hub.eventsOf("refused")).toMatchObject([{ message: expect.stringMatching(message) }]);
		expectUnharmed(hub);
	});

	test("[MQTT-4.13.1-1] version 5 is told why", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.sendBytes(new Uint8Array([0x36, 6, 0, 1, 0x74, 0, 1, 0]));
		const { reasonCode, properties } = client.takeOne("disconnect");
		expect(reasonCode).toBe(REASON.MALFORMED_PACKET);
		expect(properties?.reasonString).not.toBe("");
		expect(client.isClosed).toBe(true);
	});
});

describe("what would grow without bound", () => {
	test("a packet announced larger than allowed is refused from its first bytes", () => {
		const hub = new BrokerHarness({ limits: { maxPacket: 10_000 } });
		const client = hub.connect({ version: 5 });
		client.sendBytes(new Uint8Array([0x30, 0xff, 0xff, 0xff, 0x7f]));
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PACKET_TOO_LARGE);
	});

	test("connections that say nothing are closed", () => {
		const hub = new BrokerHarness({ limits: { connectTimeout: 10_000, connections: 20 } });
		const idle = times(20, () => hub.open());
		expect(hub.open().isClosed).toBe(true);
		hub.advance(10_000);
		expect(idle.every(({ isClosed }) => isClosed)).toBe(true);
		expectUnharmed(hub);
	});

	test("[MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] a topic of the greatest length does no harm", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 128 } });
		const client = hub.connect();
		client.subscribe("#", 1);
		for (const topic of ["x".repeat(65_535), "/".repeat(127), "/".repeat(65_535)]) {
			client.publish(topic, "x", { qos: 1, retain: true });
			expect(client.takeOne("puback")).toBeDefined();
		}
		expect(client.messages().map(({ topic }) => topic.length)).toEqual([65_535, 127]);
		expect(client.subscribe("+/".repeat(127).concat("+"), 1)).toEqual([1]);
		expect(client.subscribe("+/".repeat(128).concat("+"), 1)).toEqual([0x80]);
		expectUnharmed(hub);
	});

	test("many overlapping filters cost one look at each", () => {
		const hub = new BrokerHarness();
		const client = hub.connect();
		for (let bits = 0; bits < 256; bits++) {
			const filter = times(8, (i) => ((bits >> i) & 1 ? "+" : "a")).join("/");
			client.subscribe(filter);
		}
		client.publish("a/a/a/a/a/a/a/a", "x");
		expect(client.messages().length).toBe(1);
	});

	test("subscribing again and again without reading piles nothing up", () => {
		const hub = new BrokerHarness({ limits: { subscriptionsPerClient: 3, outputBytes: 10_000 } });
		hub.core.publish({ topic: "t", payload: new Uint8Array([0x31]), retain: true }, hub.now);
		const client = hub.connect();
		client.setWritable(false);
		for (let i = 0; i < 50; i++) {
			const subscriptions = times(10, () => ({ topic: "t", qos: 0 }) as const);
			client.send({ cmd: "subscribe", messageId: 1, subscriptions });
		}
		client.setWritable(true);
		expect(client.payloads()).toEqual(["1"]); // for the last of them: the others were replaced before there was room
	});

	test("client ids that come and go leave nothing behind", () => {
		const hub = new BrokerHarness();
		for (let i = 0; i < 200; i++) {
			const client = hub.connect({ clientId: `c${i}` });
			client.subscribe(`t/${i}`, 1);
			client.publish(`t/${i}`, "x", { qos: 2 });
			client.lose();
		}
		expect(hub.core.stats).toMatchObject({ sessions: 0, subscriptions: 0, connections: 0, inflightMessages: 0 });
		expect(hub.core.nextTimeout()).toBeUndefined();
	});
});

test("version 5 options that 3.1.1 does not have do not reach its handlers", () => {
	const hub = new BrokerHarness();
	const client = hub.connect({ version: 4 });
	client.sendBytes(new Uint8Array([0x82, 6, 0, 1, 0, 1, 0x74, 0x2c])); // No Local, RAP, RH 2: reserved bits in 3.1.1
	expect(client.isClosed).toBe(true);
});

test("why a connection is closed for a protocol error is reported", () => {
	const hub = new BrokerHarness();
	const client = hub.connect({ clientId: "wrong", version: 5 });
	client.sendConnect({ clientId: "wrong" });
	const [event] = hub.eventsOf("disconnected");
	expect(event).toMatchObject({ reasonCode: 0x82, message: "A second CONNECT on one connection." });
	expect(event).not.toHaveProperty("name");
});
