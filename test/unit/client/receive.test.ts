import { describe, expect, test } from "@jest/globals";
import type { ClientOptions, Message, StreamHandler, SubscribeOptions } from "../../../src/client/index.ts";
import { decodeUtf8, encode, encodeUtf8, type PublishPacket } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

function publish(packet: Partial<PublishPacket>): PublishPacket {
	const { qos = 0 } = packet;
	return {
		cmd: "publish",
		topic: "t",
		payload: encodeUtf8("x"),
		qos,
		retain: false,
		dup: false,
		messageId: qos === 0 ? undefined : 1,
		properties: undefined,
		...packet,
	};
}

function textOf({ payload }: Message): string {
	return decodeUtf8(payload, 0, payload.length);
}

/** A client online with one subscription to everything; what arrives, with payloads copied. */
function listening(
	options: ClientOptions = {},
	how: SubscribeOptions = {},
): { h: Harness; peer: Peer; seen: Message[] } {
	const h = new Harness(options);
	const seen: Message[] = [];
	const peer = h.accept();
	h.client.subscribe("#", (message) => seen.push({ ...message, payload: message.payload.slice() }), how);
	grant(peer);
	return { h, peer, seen };
}

/** Grants every SUBSCRIBE that has been sent. */
function grant(peer: Peer): void {
	for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
		for (const packet of packets) {
			if (packet.cmd !== "subscribe") continue;
			const granted = packet.subscriptions.map(({ qos }) => qos);
			peer.send({ cmd: "suback", messageId: packet.messageId, granted });
		}
	}
}

describe("a PUBLISH", () => {
	test.each([
		[false, false],
		[true, false],
		[false, true],
		[true, true],
	])("reaches the handler with retain %s and dup %s", (retain, dup) => {
		const { peer, seen } = listening();
		peer.send(publish({ topic: "a/b", retain, dup, qos: 1 }));
		expect(seen).toMatchObject([{ topic: "a/b", payload: encodeUtf8("x"), qos: 1, retain, dup }]);
	});

	test("without a payload reaches the handler, and so does what follows it", () => {
		const { peer, seen } = listening();
		peer.send(publish({ payload: new Uint8Array(0), retain: true }), publish({ topic: "next" }));
		expect(seen.map(({ topic, payload }) => [topic, payload.length])).toEqual([
			["t", 0],
			["next", 1],
		]);
	});

	test("with properties reaches the handler with them", () => {
		const { peer, seen } = listening({ protocol: "5" });
		peer.send(publish({ properties: { contentType: "text/plain", messageExpiryInterval: 7 } }));
		expect(seen[0]?.properties).toEqual({ contentType: "text/plain", messageExpiryInterval: 7 });
	});

	test("that no handler takes goes to onMessage", () => {
		const h = new Harness();
		h.accept().send(publish({ topic: "stray" }));
		expect(h.messages).toMatchObject([{ topic: "stray" }]);
	});

	test("cut anywhere arrives whole", () => {
		const bytes = encode(publish({ topic: "a/b", payload: encodeUtf8("hello"), qos: 1, messageId: 9 }), 4);
		for (let cut = 0; cut <= bytes.length; cut++) {
			const { peer, seen } = listening();
			peer.sendBytes(bytes.slice(0, cut));
			peer.sendBytes(bytes.slice(cut));
			expect(seen.map(textOf)).toEqual(["hello"]);
			expect(peer.takeOne("puback").messageId).toBe(9);
		}
	});

	test("many in one piece arrive in order", () => {
		const { peer, seen } = listening();
		const frames = Array.from({ length: 10 }, (_, index) => encode(publish({ topic: `t/${index}` }), 4));
		const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
		let at = 0;
		for (const frame of frames) {
			bytes.set(frame, at);
			at += frame.length;
		}
		peer.sendBytes(bytes);
		expect(seen.map(({ topic }) => topic)).toEqual(frames.map((_, index) => `t/${index}`));
	});
});

describe("an incoming QoS 1 message", () => {
	test("is acknowledged after its delivery, a duplicate again", () => {
		const { peer, seen } = listening();
		peer.send(publish({ qos: 1, messageId: 5 }), publish({ qos: 1, messageId: 5, dup: true }));
		expect(peer.take()).toMatchObject([
			{ cmd: "puback", messageId: 5 },
			{ cmd: "puback", messageId: 5 },
		]);
		expect(seen).toHaveLength(2);
	});

	test("is acknowledged even if its handler throws, so that it does not come for ever", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.subscribe("#", () => {
			throw new Error("no such lamp");
		});
		grant(peer);
		peer.send(publish({ qos: 1, messageId: 5 }));
		expect(peer.takeOne("puback").messageId).toBe(5);
		expect(h.lines).toEqual([{ level: "error", message: expect.stringContaining("no such lamp") }]);
	});
});

describe("an incoming QoS 2 message", () => {
	test("is delivered once, however often it is sent before PUBREL", () => {
		const { peer, seen } = listening();
		peer.send(publish({ qos: 2, messageId: 5 }));
		peer.takeOne("pubrec");
		peer.send(publish({ qos: 2, messageId: 5, dup: true }));
		peer.takeOne("pubrec");
		peer.send({ cmd: "pubrel", messageId: 5, reasonCode: 0 });
		expect(peer.takeOne("pubcomp")).toMatchObject({ messageId: 5, reasonCode: 0 });
		expect(seen).toHaveLength(1);
		peer.send(publish({ qos: 2, messageId: 5 }));
		expect(seen).toHaveLength(2);
	});

	test("is delivered once over a reconnect that resumes the session", () => {
		const { h, peer, seen } = listening({ clean: false });
		peer.send(publish({ qos: 2, messageId: 5 }));
		peer.drop();
		h.accept({ sessionPresent: true }).send(publish({ qos: 2, messageId: 5, dup: true }));
		h.peer.takeOne("pubrec");
		expect(seen).toHaveLength(1);
	});

	test("is new after the session was lost", () => {
		const { h, peer, seen } = listening({ clean: false });
		peer.send(publish({ qos: 2, messageId: 5 }));
		peer.drop();
		h.accept({ sessionPresent: false });
		grant(h.peer);
		h.peer.send(publish({ qos: 2, messageId: 5 }));
		expect(seen).toHaveLength(2);
	});

	test.each([
		["5", 0x92],
		["3.1.1", 0],
	] as const)("that is released twice is answered twice: MQTT %s", (protocol, code) => {
		const { peer } = listening({ protocol });
		peer.send({ cmd: "pubrel", messageId: 44, reasonCode: 0 });
		expect(peer.takeOne("pubcomp")).toMatchObject({ messageId: 44, reasonCode: code });
	});

	test("over the Receive Maximum ends the connection", () => {
		const { h, peer, seen } = listening({ protocol: "5", limits: { maxInflight: 2 } });
		for (const messageId of [1, 2, 3]) peer.send(publish({ qos: 2, messageId }));
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["pubrec", "pubrec", "disconnect"]);
		expect(h.reasons[0]?.message).toContain("more than 2 unreleased");
		expect(seen).toHaveLength(2);
	});

	test("of a broker that was told no maximum is bounded all the same", () => {
		const { h, peer } = listening({ limits: { packetsPerTurn: 1_000 } });
		for (let messageId = 1; messageId <= 300 && !peer.isClosed; messageId++) peer.send(publish({ qos: 2, messageId }));
		expect(peer.take()).toHaveLength(256);
		expect(h.client.state.kind).toBe("offline");
	});
});

describe("incoming QoS 2 messages that an earlier connection left unreleased", () => {
	/** Sends as many as the client takes on one connection, of at most `most`, and loses it. */
	function flood(h: Harness, first: number, most: number): number {
		const peer = h.accept({ sessionPresent: true });
		let messageId = first;
		while (messageId < first + most && !peer.isClosed) peer.send(publish({ qos: 2, messageId: messageId++ }));
		const answers = peer.take().filter(({ cmd }) => cmd === "pubrec");
		if (!peer.isClosed) peer.drop();
		return answers.length;
	}

	const kept: ClientOptions = { protocol: "5", clean: false, limits: { maxInflight: 2 } };

	test("count for nothing on the next, whose quota begins anew", () => {
		const h = new Harness(kept, { random: 0 });
		expect(flood(h, 1, 2)).toBe(2);
		const peer = h.accept({ sessionPresent: true });
		peer.send(publish({ qos: 2, messageId: 2, dup: true }));
		for (const messageId of [3, 4]) peer.send(publish({ qos: 2, messageId }));
		peer.send({ cmd: "pubrel", messageId: 1, reasonCode: 0 });
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["pubrec", "pubrec", "pubrec", "pubcomp"]);
		expect(h.messages).toHaveLength(4);
	});

	test("count for nothing where they were of a version without a Receive Maximum", () => {
		const store = new MemoryStore();
		const before = new Harness({ ...kept, protocol: "3.1.1", persist: true }, { store, random: 0 });
		expect(flood(before, 1, 100)).toBe(100);
		const h = new Harness({ ...kept, persist: true }, { store, random: 0 });
		expect(flood(h, 101, 2)).toBe(2);
		expect(h.reasons).toMatchObject([{ message: "The broker closed the connection." }]);
	});

	test.each([
		["5", 256 + 2],
		["3.1.1", 256 + 256],
	] as const)("are bounded, however many connections leave some: MQTT %s", (protocol, most) => {
		const h = new Harness({ ...kept, protocol, limits: { maxInflight: 2, packetsPerTurn: 1_000 } }, { random: 0 });
		let taken = 0;
		for (let connection = 0; connection < 200; connection++) taken += flood(h, taken + 1, 300);
		expect(taken).toBe(most);
	});
});

describe("topic aliases", () => {
	test("are resolved, and replaced", () => {
		const { peer, seen } = listening({ protocol: "5" });
		const properties = { topicAlias: 2 };
		peer.send(publish({ topic: "long/topic", properties }), publish({ topic: "", properties }));
		peer.send(publish({ topic: "other", properties }), publish({ topic: "", properties, qos: 2, messageId: 1 }));
		expect(seen.map(({ topic }) => topic)).toEqual(["long/topic", "long/topic", "other", "other"]);
	});

	test("do not outlive their connection", () => {
		const { h, peer } = listening({ protocol: "5" });
		peer.send(publish({ topic: "long/topic", properties: { topicAlias: 2 } }));
		peer.drop();
		h.accept();
		grant(h.peer);
		h.peer.send(publish({ topic: "", properties: { topicAlias: 2 } }));
		expect(h.peer.takeOne("disconnect").reasonCode).toBe(0x94);
	});

	test("over the limit end the connection", () => {
		const { h, peer } = listening({ protocol: "5", limits: { topicAliases: 2 } });
		peer.send(publish({ properties: { topicAlias: 3 } }));
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x94);
		expect(h.reasons[0]?.message).toContain("alias 3");
	});
});

describe("a payload over streamAbove", () => {
	const LONG = Uint8Array.from({ length: 1_000 }, (_, index) => index & 0xff);
	const limits = { streamAbove: 100 };

	/** A stream handler that puts the pieces together. */
	class Sink {
		readonly events: string[] = [];
		readonly bytes: number[] = [];
		begin(start: { topic: string; length: number; qos: number; retain: boolean }): void {
			this.events.push(`begin ${start.topic} ${start.length} qos ${start.qos}${start.retain ? " retained" : ""}`);
			this.bytes.length = 0;
		}
		chunk(bytes: Uint8Array, offset: number): void {
			if (offset !== this.bytes.length) this.events.push(`gap at ${offset}`);
			this.bytes.push(...bytes);
		}
		end(complete: boolean): void {
			this.events.push(complete ? "end" : "cut");
		}
	}

	function sendIn(peer: Peer, bytes: Uint8Array, piece: number): void {
		for (let at = 0; at < bytes.length; at += piece) peer.sendBytes(bytes.slice(at, at + piece));
	}

	test.each([1, 7, 100, 5_000])("comes to the stream handler in pieces, received %i bytes at a time", (piece) => {
		const sink = new Sink();
		const { peer, seen } = listening({ limits }, { stream: sink });
		sendIn(peer, encode(publish({ payload: LONG, qos: 1, messageId: 3, retain: true }), 4), piece);
		expect(sink.events).toEqual(["begin t 1000 qos 1 retained", "end"]);
		expect(Uint8Array.from(sink.bytes)).toEqual(LONG);
		expect(peer.takeOne("puback").messageId).toBe(3);
		peer.send(publish({ topic: "short" }));
		expect(seen.map(({ topic }) => topic)).toEqual(["short"]);
	});

	test("is acknowledged at its end, not before", () => {
		const { peer } = listening({ limits }, { stream: new Sink() });
		const bytes = encode(publish({ payload: LONG, qos: 1, messageId: 3 }), 4);
		peer.sendBytes(bytes.slice(0, -1));
		expect(peer.take()).toEqual([]);
		peer.sendBytes(bytes.slice(-1));
		peer.takeOne("puback");
	});

	test("is skipped, acknowledged and reported once where no stream handler takes it", () => {
		const { h, peer, seen } = listening({ limits });
		peer.send(publish({ topic: "image", payload: LONG, qos: 1, messageId: 3 }));
		peer.send(publish({ topic: "image", payload: LONG, qos: 2, messageId: 4 }));
		expect(peer.take()).toMatchObject([{ cmd: "puback" }, { cmd: "pubrec" }]);
		expect(seen).toEqual([]);
		expect(h.lines).toEqual([{ level: "warn", message: expect.stringMatching(/1000 bytes.*100 bytes.*stream/) }]);
	});

	test("cut short by the connection's end is told so, and comes again at QoS 2", () => {
		const sink = new Sink();
		const { h, peer } = listening({ limits, clean: false }, { stream: sink });
		const bytes = encode(publish({ payload: LONG, qos: 2, messageId: 3 }), 4);
		peer.sendBytes(bytes.slice(0, 500));
		peer.drop();
		expect(sink.events).toEqual(["begin t 1000 qos 2", "cut"]);
		const again = h.accept({ sessionPresent: true });
		again.send(publish({ payload: LONG, qos: 2, messageId: 3, dup: true }));
		again.takeOne("pubrec");
		expect(sink.events.slice(2)).toEqual(["begin t 1000 qos 2", "end"]);
		again.send(publish({ payload: LONG, qos: 2, messageId: 3, dup: true }));
		again.takeOne("pubrec");
		expect(sink.events).toHaveLength(4); // delivered once
	});

	test("over the Receive Maximum ends the connection before its payload has come", () => {
		const { h, peer } = listening({ protocol: "5", limits: { ...limits, maxInflight: 1 } }, { stream: new Sink() });
		peer.send(publish({ qos: 2, messageId: 1 }));
		peer.sendBytes(encode(publish({ payload: LONG, qos: 2, messageId: 2 }), 5).slice(0, 50));
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["pubrec", "disconnect"]);
		expect(h.client.state.kind).toBe("offline");
	});

	test("with a topic alias that is not set ends the connection as well", () => {
		const { peer } = listening({ protocol: "5", limits }, { stream: new Sink() });
		peer.send(publish({ topic: "", payload: LONG, properties: { topicAlias: 1 } }));
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x94);
	});

	test("goes on for the others when one stream handler throws", () => {
		const sink = new Sink();
		const { h, peer } = listening({ limits }, { stream: sink });
		const bad = {
			begin: () => {
				throw new Error("disk full");
			},
			chunk: () => undefined,
			end: () => undefined,
		};
		h.client.subscribe("t", () => undefined, { stream: bad });
		grant(peer);
		peer.send(publish({ payload: LONG }));
		expect(sink.events).toEqual(["begin t 1000 qos 0", "end"]);
		expect(h.lines[0]?.message).toContain("disk full");
	});

	test("costs nothing but itself where the handler, of JavaScript, lacks a method", () => {
		const { h, peer } = listening({ limits }, { stream: {} as unknown as StreamHandler });
		peer.send(publish({ payload: LONG }));
		expect(peer.isClosed).toBe(false);
		expect(h.lines[0]?.message).toContain("stream handler");
	});

	test("over maxPacket ends the connection with what to do", () => {
		const { h, peer } = listening({ protocol: "5", limits: { streamAbove: 100, maxPacket: 500 } });
		peer.send(publish({ payload: LONG }));
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x95);
		expect(h.client.state.kind).toBe("offline");
	});
});
