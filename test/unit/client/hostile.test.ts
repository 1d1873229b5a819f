import { describe, expect, test } from "@jest/globals";
import { Harness } from "../../support/client-harness.ts";

/** Bytes that no honest broker sends on an open connection. */
const NONSENSE: readonly (readonly [string, readonly number[]])[] = [
	["a packet of type 0", [0x00, 0]],
	["a CONNECT", [0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 0]],
	["a SUBSCRIBE", [0x82, 6, 0, 1, 0, 1, 0x61, 0]],
	["a PINGREQ", [0xc0, 0]],
	["a remaining length of five bytes", [0x30, 0xff, 0xff, 0xff, 0xff, 1]],
	["a packet over maxPacket", [0x30, 0xff, 0xff, 0xff, 0x7f]],
	["a PUBLISH of QoS 3", [0x36, 5, 0, 1, 0x61, 0, 1]],
	["a PUBLISH with DUP at QoS 0", [0x38, 3, 0, 1, 0x61]],
	["a PUBLISH with packet id 0", [0x32, 5, 0, 1, 0x61, 0, 0]],
	["a PUBLISH to a wildcard", [0x30, 4, 0, 2, 0x61, 0x23]],
	["a PUBLISH whose topic is too long for it", [0x30, 3, 0, 9, 0x61]],
	["a PUBLISH with ill-formed UTF-8", [0x30, 4, 0, 2, 0xc3, 0x28]],
	["a PUBACK with reserved bits", [0x41, 2, 0, 1]],
	["a PUBACK with packet id 0", [0x40, 2, 0, 0]],
	["a PUBREL without its bits", [0x60, 2, 0, 1]],
	["a SUBACK nobody asked for", [0x90, 3, 0, 1, 0]],
	["an UNSUBACK nobody asked for", [0xb0, 2, 0, 1]],
	["a PINGRESP with a body", [0xd0, 1, 0]],
	["a second CONNACK", [0x20, 2, 0, 0]],
];

describe("a broker that sends", () => {
	test.each(NONSENSE)("%s loses us, with a reason, and we come back", (_name, bytes) => {
		const h = new Harness({}, { random: 0.5 });
		const peer = h.accept();
		h.client.publish("kept", "x", { qos: 1 });
		peer.take();
		peer.sendBytes(Uint8Array.from(bytes));
		expect(peer.isClosed).toBe(true);
		expect(h.client.state).toMatchObject({ kind: "offline", reason: { phase: "online", protocol: "3.1.1" } });
		expect(h.reasons[0]?.message).toMatch(/^The broker /);
		expect(h.accept().takeOne("publish").topic).toBe("kept");
	});

	test("AUTH, for which nobody asked, is told of its error", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		peer.sendBytes(Uint8Array.from([0xf0, 0]));
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x82);
	});

	test("nothing but a first byte holds no memory and no connection for ever", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		peer.sendBytes(Uint8Array.from([0x30]));
		h.advance(90_000);
		expect(peer.isClosed).toBe(true);
	});

	test("empty pieces is harmless", () => {
		const h = new Harness();
		h.client.start();
		h.connect();
		h.peer.sendBytes(new Uint8Array(0));
		h.peer.drop();
		expect(h.attempts).toEqual(["3.1.1", "3.1"]); // no byte came back
	});
});
