import { describe, expect, test } from "@jest/globals";
import { encodeUtf8, type PublishPacket } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

function message(topic: string, messageId?: number): PublishPacket {
	const qos = messageId === undefined ? 0 : 1;
	return {
		cmd: "publish",
		topic,
		payload: encodeUtf8("x"),
		qos,
		retain: false,
		dup: false,
		messageId,
		properties: undefined,
	};
}

function grant(peer: Peer): void {
	for (const packet of peer.take()) {
		if (packet.cmd === "subscribe") {
			peer.send({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
		}
	}
}

describe("a handler", () => {
	test("may publish, and the answer goes out after what caused it", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.subscribe("ask", ({ topic }) => h.client.publish(`${topic}/answer`, "x", { qos: 1 }));
		grant(peer);
		peer.send(message("ask", 5));
		expect(peer.take().map((packet) => (packet.cmd === "publish" ? packet.topic : packet.cmd))).toEqual([
			"puback",
			"ask/answer",
		]);
	});

	test("may subscribe and unsubscribe, itself included", () => {
		const h = new Harness();
		const peer = h.accept();
		const seen: string[] = [];
		const handle = h.client.subscribe("once", () => {
			seen.push("once");
			handle.unsubscribe();
			h.client.subscribe("more", () => seen.push("more"));
		});
		grant(peer);
		peer.send(message("once"), message("once"));
		expect(seen).toEqual(["once"]);
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["unsubscribe", "subscribe"]);
	});

	test("may end the client: the messages behind it are not delivered", () => {
		const h = new Harness();
		const peer = h.accept();
		const seen: string[] = [];
		h.client.subscribe("#", ({ topic }) => {
			seen.push(topic);
			void h.client.end();
		});
		grant(peer);
		const first = message("first", 5);
		peer.send(first);
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["puback", "disconnect"]);
		expect(peer.isClosed).toBe(true);
		expect(seen).toEqual(["first"]);
	});

	test("that throws does not keep the others from the message", () => {
		const h = new Harness();
		const peer = h.accept();
		const seen: string[] = [];
		h.client.subscribe("a", () => {
			throw new TypeError("oops");
		});
		h.client.subscribe("+", () => seen.push("second"));
		grant(peer);
		grant(peer);
		peer.send(message("a"));
		expect(seen).toEqual(["second"]);
		expect(h.lines).toEqual([{ level: "error", message: expect.stringMatching(/message handler.*TypeError: oops/) }]);
	});

	test("that publishes what cannot be sent has thrown", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.subscribe("a", () => h.client.publish("#", "x"));
		grant(peer);
		peer.send(message("a"));
		expect(h.lines[0]?.message).toMatch(/UsageError.*wildcard/);
		expect(h.client.state.kind).toBe("online");
	});
});

describe("callbacks", () => {
	test("may publish: each acknowledgement sends the next", () => {
		const h = new Harness();
		const peer = h.accept();
		let sent = 0;
		const next = () => {
			if (sent++ < 5) h.client.publish(`t/${sent}`, "x", { qos: 1 }, next);
		};
		next();
		for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
			for (const packet of packets) {
				if (packet.cmd === "publish") peer.send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: 0 });
			}
		}
		expect(sent).toBe(6);
	});

	test("that throw are caught, whichever they are", () => {
		const bad = () => {
			throw new Error("bad");
		};
		const h = new Harness({ onState: bad, onMessage: bad });
		const peer = h.accept();
		h.client.publish("a", "x", {}, bad);
		h.client.subscribe("a", () => undefined, {}, bad);
		grant(peer);
		peer.send(message("elsewhere"));
		expect(h.client.state.kind).toBe("online");
		expect(h.lines.map(({ message: line }) => line)).toEqual([
			"A onState of the application threw: Error: bad",
			"A onState of the application threw: Error: bad",
			"A publish callback of the application threw: Error: bad",
			"A subscribe callback of the application threw: Error: bad",
			"A message handler of the application threw: Error: bad",
		]);
	});

	test("of the state may publish, start and end", () => {
		const h: Harness = new Harness({
			onState: ({ kind }) => {
				if (kind === "online") {
					h.client.publish("status", "online", { retain: true });
					void h.client.end();
				}
			},
		});
		const peer = h.accept();
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["publish", "disconnect"]);
		expect(h.client.state.kind).toBe("ended");
	});
});

test("a transport that delivers within write is put in its place", () => {
	const h = new Harness();
	const peer = h.accept();
	const seen: string[] = [];
	h.client.subscribe("#", ({ topic }) => seen.push(topic));
	grant(peer);
	peer.onWrite = () => {
		peer.onWrite = undefined;
		peer.send(message("within"));
		seen.push("written");
	};
	h.client.publish("a", "x");
	expect(seen).toEqual(["written", "within"]);
});

describe("a port that throws", () => {
	test("in write costs the connection, not the client", () => {
		const h = new Harness({}, { random: 0.5 });
		const peer = h.accept();
		peer.onWrite = () => {
			throw new Error("no socket");
		};
		h.client.publish("a", "x");
		expect(h.client.state.kind).toBe("offline");
		expect(h.reasons[0]?.message).toContain("no socket");
		h.retry();
		expect(h.accept().isClosed).toBe(false);
	});

	test("in open counts as a failed attempt", () => {
		const h = new Harness({}, { random: 0.5 });
		const open = h.open.bind(h);
		h.open = () => {
			throw new Error("no network interface");
		};
		h.client.start();
		expect(h.client.state.kind).toBe("offline");
		h.open = open;
		h.retry();
		h.accept();
		expect(h.client.state.kind).toBe("online");
	});

	test("in now, even while the error before is handled, ends nothing", () => {
		const h = new Harness({}, { random: 0.5 });
		const peer = h.accept();
		const now = h.clock.now.bind(h.clock);
		let faults = 2;
		h.clock.now = () => {
			if (faults-- > 0) throw new Error("no time");
			return now();
		};
		peer.send(message("a"));
		expect(h.lines.map(({ level }) => level)).toEqual(["error", "error"]);
		peer.send(message("a"));
		expect(h.messages).toHaveLength(1);
		faults = 1;
		peer.send(message("a"));
		expect(h.client.state.kind).toBe("offline");
		h.retry();
		h.accept();
		expect(h.client.state.kind).toBe("online");
	});

	test("in write of the log is nobody's problem", () => {
		const h = new Harness();
		h.write = () => {
			throw new Error("no console");
		};
		const peer = h.accept();
		h.client.subscribe("#", () => {
			throw new Error("handler");
		});
		grant(peer);
		peer.send(message("a", 3));
		expect(peer.take()).toHaveLength(1);
	});
});
