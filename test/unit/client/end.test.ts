import { describe, expect, test } from "@jest/globals";
import { Harness } from "../../support/client-harness.ts";

function commands(h: Harness): string[] {
	return h.peer.take().map(({ cmd }) => cmd);
}

describe("end", () => {
	test.each(["3.1.1", "5"] as const)(
		"sends DISCONNECT, so that the will does not fire, and closes: MQTT %s",
		async (protocol) => {
			const h = new Harness({ protocol, will: { topic: "status", payload: "offline" } });
			const peer = h.accept();
			const ended = h.client.end();
			expect(peer.takeOne("disconnect").reasonCode).toBe(0);
			expect(peer.isClosed).toBe(true);
			await ended;
			expect(h.client.state).toEqual({ kind: "ended" });
			expect(h.clock.armed).toBe(0);
		},
	);

	test("waits for what is queued at QoS 0, not for acknowledgements", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		for (const topic of ["a", "b"]) h.client.publish(topic, "x");
		let code: string | undefined;
		h.client.publish("c", "x", { qos: 1 }, (error) => {
			code = error?.code;
		});
		void h.client.end();
		expect(commands(h)).toEqual(["publish"]);
		expect(h.client.state.kind).toBe("online");
		peer.drained();
		expect(commands(h)).toEqual(["publish", "disconnect"]);
		expect(code).toBe("ended");
		expect(h.client.pending).toBe(0);
	});

	test.each<[string, { drain?: number }]>([
		["at once", {}],
		["with drain", { drain: 10_000 }],
	])("%s says DISCONNECT also over a transport that was full, once it takes more", (_how, options) => {
		const h = new Harness({ will: { topic: "status", payload: "offline" } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		void h.client.end(options);
		expect(commands(h)).toEqual(["publish"]);
		expect(peer.isClosed).toBe(false);
		peer.drained();
		expect(commands(h)).toEqual(["disconnect"]);
		expect(peer.isClosed).toBe(true);
		expect(h.clock.armed).toBe(0);
	});

	test("does not wait for ever for a transport that takes nothing", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		h.client.publish("b", "x");
		void h.client.end();
		h.advance(4_999);
		expect(peer.isClosed).toBe(false);
		h.advance(1);
		expect(peer.isClosed).toBe(true);
		expect(h.client.state.kind).toBe("ended");
		expect(commands(h)).toEqual(["publish"]); // nothing may be written to a full transport
	});

	test("with drain waits until everything is acknowledged", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("a", "x", { qos: 1 });
		void h.client.end({ drain: 10_000 });
		const packet = peer.takeOne("publish");
		h.advance(3_000);
		expect(h.client.state.kind).toBe("online");
		peer.send({ cmd: "puback", messageId: packet.messageId as number, reasonCode: 0 });
		peer.takeOne("disconnect");
		expect(h.client.state.kind).toBe("ended");
	});

	test("with drain connects if need be: publish, end, and sleep", () => {
		const h = new Harness();
		h.client.publish("a", "x");
		h.client.start();
		void h.client.end({ drain: 10_000 });
		h.accept();
		expect(commands(h)).toEqual(["publish", "disconnect"]);
		expect(h.client.state.kind).toBe("ended");
	});

	test("with drain gives up after that time", () => {
		const h = new Harness();
		h.client.publish("a", "x", { qos: 1 });
		h.client.start();
		let resolved = false;
		void h.client.end({ drain: 7_000 }).then(() => {
			resolved = true;
		});
		h.peer.drop({ phase: "tcp", message: "refused" });
		h.advance(7_000);
		expect(h.client.state.kind).toBe("ended");
		return Promise.resolve().then(() => expect(resolved).toBe(true));
	});

	test.each(["before the start", "while opening", "while connecting", "while waiting"])("%s ends at once", (when) => {
		const h = new Harness({}, { random: 0.5 });
		if (when !== "before the start") h.client.start();
		if (when === "while connecting") h.connect();
		if (when === "while waiting") h.peer.drop();
		void h.client.end();
		expect(h.client.state).toEqual({ kind: "ended" });
		expect(h.clock.armed).toBe(0);
		expect(h.peers.every(({ isClosed }) => isClosed)).toBe(true);
		expect(h.peers.flatMap(({ packets }) => packets)).toEqual([]);
	});

	test.each(["while opening", "while waiting"])(
		"%s ends at once with drain, too, when nothing is to be said",
		(when) => {
			const h = new Harness({}, { random: 0.5 });
			h.client.start();
			if (when === "while waiting") h.peer.drop();
			void h.client.end({ drain: 10_000 });
			expect(h.client.state).toEqual({ kind: "ended" });
			expect(h.clock.armed).toBe(0);
		},
	);

	test("settles what waited, and refuses what comes after", () => {
		const h = new Harness();
		const codes: unknown[] = [];
		h.client.publish("a", "x", {}, (error) => codes.push(error?.code));
		h.client.publish("b", "x", { qos: 2 }, (error) => codes.push(error?.code));
		h.client.start();
		void h.client.end();
		expect(codes).toEqual(["ended", "ended"]);
	});

	test("refuses to publish while it waits", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		h.client.publish("b", "x");
		void h.client.end();
		let code: string | undefined;
		h.client.publish("c", "x", {}, (error) => {
			code = error?.code;
		});
		expect(code).toBe("ended");
	});

	test("that loses the connection on its way has ended", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		h.client.publish("b", "x");
		void h.client.end();
		peer.drop({ phase: "tcp", message: "reset" });
		expect(h.client.state).toMatchObject({ kind: "ended", reason: { phase: "online", message: "reset" } });
		expect(h.clock.armed).toBe(0);
	});

	test("twice resolves twice", async () => {
		const h = new Harness();
		h.accept();
		await Promise.all([h.client.end(), h.client.end()]);
		await h.client.end();
		expect(h.client.state.kind).toBe("ended");
	});

	test("can be followed by another start, with the subscriptions", () => {
		const h = new Harness();
		h.client.subscribe("a", () => undefined);
		h.accept();
		void h.client.end();
		h.client.start();
		h.client.start(); // has no effect while started
		expect(h.peers).toHaveLength(2);
		const peer = h.accept();
		expect(peer.takeOne("subscribe").subscriptions).toMatchObject([{ topic: "a" }]);
	});
});
