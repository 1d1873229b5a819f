import { beforeEach, describe, expect, test } from "@jest/globals";
import { Crossing } from "../../hosts/hub/bridge/crossing.ts";
import type { Message, RelayOptions } from "../../src/client/index.ts";
import { type DecodedPacket, encodeUtf8, type PublishPacket, REASON } from "../../src/codec/index.ts";
import { Harness } from "../support/client-harness.ts";

let source: Harness;
let target: Harness;
let crossing: Crossing;
let lost: string[];
/** The user properties that the target has acknowledged, or refused for now. */
let judged: string[];
/** How often the source was asked to send again what is not acknowledged. */
let breaks: number;

/** A client of one end, on virtual time. */
function shore(options: RelayOptions): Harness {
	return new Harness({ protocol: "5", clean: false, ...options });
}

function online(end: Harness, sessionPresent = true): void {
	end.accept({ sessionPresent });
}

beforeEach(() => {
	lost = [];
	judged = [];
	breaks = 0;
	source = shore({
		relay: (_, id) => crossing.released(id),
		onMessage: (message) => crossing.arrived(message),
		onState: (state) => state.kind === "online" && crossing.sourceOnline(state.sessionPresent),
	});
	target = shore({
		limits: { outboxMessages: 2 },
		relay: (_, id) => crossing.completed(id),
		onState: (state) => state.kind === "online" && crossing.targetOnline(),
	});
	const transport = { break: () => breaks++ };
	crossing = new Crossing(
		{ client: source.client, transport },
		{ client: target.client, transport: { break: () => undefined } },
		{
			admit: ({ topic, qos }: Message) => {
				if (topic === "kept") return undefined;
				if (topic === "lossy") return { topic, qos: 0 };
				return { topic: topic === "long" ? topic.repeat(20_000) : `over/${topic}`, qos };
			},
			propertiesOf: (properties) => properties,
			taken: ({ userProperties }) => judged.push(`taken ${Object.keys(userProperties ?? {}).join()}`),
			refused: ({ userProperties }) => judged.push(`refused ${Object.keys(userProperties ?? {}).join()}`),
			lost: (error) => lost.push(error.code),
		},
	);
	online(source);
	online(target);
});

function publish(messageId: number, qos: 1 | 2, more: Partial<PublishPacket> = {}): PublishPacket {
	const payload = encodeUtf8(String(messageId));
	return {
		cmd: "publish",
		topic: "t",
		payload,
		qos,
		retain: false,
		dup: false,
		messageId,
		properties: undefined,
		...more,
	};
}

/** What one end has sent, as `command id`. */
function sent(end: Harness): string[] {
	return end.peer.take().map((packet) => `${packet.cmd} ${idOf(packet)}`);
}

function idOf(packet: DecodedPacket): number | undefined {
	return "messageId" in packet ? packet.messageId : undefined;
}

function ack(cmd: "puback" | "pubrec" | "pubcomp" | "pubrel", messageId: number, reasonCode = 0) {
	return { cmd, messageId, reasonCode } as const;
}

describe("a crossing", () => {
	test("acknowledges QoS 1 when the target has", () => {
		source.peer.send(publish(7, 1));
		expect(target.peer.takeOne("publish")).toMatchObject({ topic: "over/t", messageId: 7 });
		expect(sent(source)).toEqual([]);
		target.peer.send(ack("puback", 7));
		expect(sent(source)).toEqual(["puback 7"]);
	});

	test("takes each step of QoS 2 when the other side has", () => {
		source.peer.send(publish(7, 2));
		expect(sent(target)).toEqual(["publish 7"]);
		target.peer.send(ack("pubrec", 7));
		expect(sent(source)).toEqual(["pubrec 7"]);
		expect(sent(target)).toEqual([]);
		source.peer.send(ack("pubrel", 7));
		expect(sent(target)).toEqual(["pubrel 7"]);
		expect(sent(source)).toEqual([]);
		target.peer.send(ack("pubcomp", 7));
		expect(sent(source)).toEqual(["pubcomp 7"]);
	});

	test.each([
		[1, ["puback 7"]],
		[2, ["pubrec 7", "pubcomp 7"]],
	] as const)("acknowledges what is not carried itself (QoS %i)", (qos, acks) => {
		source.peer.send(publish(7, qos, { topic: "kept" }));
		if (qos === 2) source.peer.send(ack("pubrel", 7));
		expect(sent(source)).toEqual(acks);
		expect(sent(target)).toEqual([]);
	});

	test("acknowledges itself what goes on at QoS 0, which does not wait", () => {
		source.peer.send(publish(7, 2, { topic: "lossy" }));
		expect(sent(source)).toEqual(["pubrec 7"]);
		expect(target.peer.takeOne("publish")).toMatchObject({ topic: "lossy", qos: 0 });
		source.peer.send(ack("pubrel", 7));
		expect(sent(source)).toEqual(["pubcomp 7"]);
		target.peer.drop();
		source.peer.send(publish(8, 1, { topic: "lossy" }));
		expect(sent(source)).toEqual(["puback 8"]);
		online(target);
		expect(sent(target)).toEqual([]);
	});

	test("goes on with what an earlier life has left", () => {
		source.peer.send(ack("pubrel", 7));
		expect(sent(target)).toEqual(["pubrel 7"]);
		target.peer.send(ack("pubcomp", 7, REASON.PACKET_IDENTIFIER_NOT_FOUND));
		expect(sent(source)).toEqual(["pubcomp 7"]);
	});

	test("drops QoS 0 while the target is away, and keeps the rest", () => {
		target.peer.drop();
		source.peer.send(publish(7, 1), { ...publish(0, 1), qos: 0, messageId: undefined });
		online(target);
		expect(sent(target)).toEqual(["publish 7"]);
		expect(lost).toEqual([]);
	});
});

test("a crossing knows whether a retained message changed at QoS 0 while the target was away", () => {
	const lossy = { ...publish(0, 1), qos: 0, messageId: undefined } as const;
	source.peer.send({ ...lossy, retain: true });
	expect(crossing.takeMissedRetained()).toBe(false);
	target.peer.drop();
	source.peer.send(lossy, publish(7, 1, { retain: true }));
	expect(crossing.takeMissedRetained()).toBe(false);
	source.peer.send({ ...lossy, retain: true });
	expect(crossing.takeMissedRetained()).toBe(true);
	expect(crossing.takeMissedRetained()).toBe(false);
});

describe("after the source's connection was lost, a crossing", () => {
	test("does not send twice what comes again, and acknowledges it on the new connection", () => {
		source.peer.send(publish(7, 1));
		source.peer.drop();
		target.peer.send(ack("puback", 7));
		online(source);
		expect(sent(source)).toEqual([]);
		source.peer.send(publish(7, 1, { dup: true }));
		expect(sent(source)).toEqual(["puback 7"]);
		expect(sent(target)).toEqual(["publish 7"]);
	});

	test("acknowledges QoS 2 that the target took meanwhile, and releases it once", () => {
		source.peer.send(publish(7, 2));
		target.peer.send(ack("pubrec", 7));
		source.peer.drop();
		online(source);
		source.peer.send(publish(7, 2, { dup: true }));
		expect(sent(source)).toEqual(["pubrec 7"]);
		expect(sent(target)).toEqual(["publish 7"]);
		source.peer.send(ack("pubrel", 7));
		expect(sent(target)).toEqual(["pubrel 7"]);
	});

	test("tells a new message from an old one by DUP: it waits until the target is done with the packet id", async () => {
		source.peer.send(publish(7, 1));
		source.peer.drop();
		online(source);
		source.peer.send(publish(7, 1, { payload: encodeUtf8("new") }));
		expect(sent(target)).toEqual(["publish 7"]);
		expect(sent(source)).toEqual([]);
		target.peer.send(ack("puback", 7));
		await new Promise(setImmediate);
		expect(breaks).toBe(1);
		source.peer.drop();
		online(source);
		source.peer.send(publish(7, 1, { payload: encodeUtf8("new"), dup: true }));
		expect(target.peer.takeOne("publish").payload).toEqual(encodeUtf8("new"));
	});

	test("and its session with it, lets the target have what was on its way, unasked", () => {
		source.peer.send(publish(7, 2), publish(8, 2));
		target.peer.send(ack("pubrec", 7));
		source.peer.take();
		target.peer.take();
		source.peer.drop();
		online(source, false);
		expect(sent(target)).toEqual(["pubrel 7"]);
		target.peer.send(ack("pubcomp", 7), ack("pubrec", 8));
		expect(sent(target)).toEqual(["pubrel 8"]);
		target.peer.send(ack("pubcomp", 8));
		expect(sent(source)).toEqual([]);
		source.peer.send(publish(8, 1));
		expect(sent(target)).toEqual(["publish 8"]);
	});
});

describe("after the target's connection was lost, a crossing", () => {
	test("sends again what was not acknowledged, and PUBREL, with the same packet ids", () => {
		source.peer.send(publish(7, 2), publish(8, 1));
		target.peer.send(ack("pubrec", 7));
		source.peer.send(ack("pubrel", 7));
		target.peer.drop();
		online(target);
		expect(sent(target).toSorted()).toEqual(["publish 8", "pubrel 7"]);
	});

	test("releases what the source has released meanwhile", () => {
		source.peer.send(publish(7, 2));
		target.peer.send(ack("pubrec", 7));
		target.peer.drop();
		source.peer.send(ack("pubrel", 7));
		online(target);
		expect(sent(target)).toEqual(["pubrel 7"]);
	});
});

describe("what the target does not take", () => {
	test("is lost when it never will, is reported, and acknowledged", () => {
		source.peer.send(publish(7, 2));
		target.peer.send(ack("pubrec", 7, REASON.NOT_AUTHORIZED));
		expect(lost).toEqual(["refused"]);
		source.peer.send(ack("pubrel", 7));
		expect(sent(source)).toEqual(["pubrec 7", "pubcomp 7"]);
		expect(sent(target)).toEqual(["publish 7"]);
	});

	test("is told apart by its user properties, which can be taken out while it is on its way", async () => {
		const properties = (name: string) => ({ userProperties: { [name]: "1" }, messageExpiryInterval: 60 });
		source.peer.send(publish(7, 1, { properties: properties("a") }), publish(8, 2, { properties: properties("b") }));
		expect(crossing.loads).toHaveLength(2);
		target.peer.send(ack("puback", 7));
		source.peer.send(publish(9, 1, { properties: properties("c") }));
		target.peer.send(ack("puback", 9, REASON.QUOTA_EXCEEDED));
		expect(judged).toEqual(["taken a", "refused c"]);
		target.peer.take();
		target.peer.drop();
		const [load] = crossing.loads;
		Object.assign(load ?? {}, { userProperties: undefined });
		online(target);
		const again = target.peer.takeOne("publish");
		expect(again).toMatchObject({ messageId: 8, dup: true });
		expect(again.properties).toEqual({ messageExpiryInterval: 60 });
		target.peer.send(ack("pubrec", 8));
		expect(crossing.loads).toEqual([]);
		await new Promise(setImmediate); // the source is asked for 9 again
	});

	test.each([1, 2] as const)("is asked for again when its store is full (QoS %i)", async (qos) => {
		source.peer.send(publish(7, qos), publish(8, qos));
		target.peer.send(ack(qos === 1 ? "puback" : "pubrec", 7, REASON.QUOTA_EXCEEDED));
		await new Promise(setImmediate);
		expect(breaks).toBe(0); // 8 is on its way
		source.peer.send(publish(9, qos));
		target.peer.send(ack(qos === 1 ? "puback" : "pubrec", 8));
		await new Promise(setImmediate);
		expect(breaks).toBe(1);
		expect(sent(target)).toEqual(["publish 7", "publish 8"]);
		expect(sent(source)).toEqual([`${qos === 1 ? "puback" : "pubrec"} 8`]);
		source.peer.drop();
		online(source);
		source.peer.send(publish(7, qos, { dup: true }), publish(9, qos, { dup: true }));
		expect(sent(target)).toEqual(["publish 7", "publish 9"]);
		expect(lost).toEqual([]);
	});

	test("is asked for again when there is no room to keep it while the target is away", async () => {
		target.peer.drop();
		source.peer.send(publish(1, 1), publish(2, 1), publish(3, 1), publish(4, 1));
		online(target);
		expect(sent(target)).toEqual(["publish 1", "publish 2"]);
		target.peer.send(ack("puback", 1), ack("puback", 2));
		await new Promise(setImmediate);
		expect(breaks).toBe(1);
		expect(sent(source)).toEqual(["puback 1", "puback 2"]);
		source.peer.drop();
		online(source);
		source.peer.send(publish(3, 1, { dup: true }), publish(4, 1, { dup: true }));
		expect(sent(target)).toEqual(["publish 3", "publish 4"]);
	});

	test("is lost when a prefix makes its topic too long", () => {
		source.peer.send(publish(7, 1, { topic: "long" }));
		expect(lost).toEqual(["unsendable"]);
		expect(sent(source)).toEqual(["puback 7"]);
	});
});
