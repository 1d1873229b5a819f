import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

function members(hub: BrokerHarness, count: number, version: ProtocolVersion = 5, qos: 0 | 1 | 2 = 1): BrokerPeer[] {
	return times(count, (i) => {
		const properties = version === 5 ? { sessionExpiryInterval: 60 } : {};
		const member = hub.connect({ version, clientId: `member${i}`, clean: false, properties });
		member.subscribe("$share/pool/jobs/+", qos);
		return member;
	});
}

function publishAll(hub: BrokerHarness, payloads: readonly string[], qos: 0 | 1 | 2 = 1): void {
	const publisher = hub.connect({ clientId: "pub" });
	for (const payload of payloads) publisher.publish("jobs/a", payload, { qos });
}

const NUMBERS = times(12, (i) => `${i}`);

describe.each<ProtocolVersion>([4, 5])("shared subscriptions, at level %p", (version) => {
	test("each message goes to one member, in turn", () => {
		const hub = new BrokerHarness();
		const pool = members(hub, 3, version);
		const other = hub.connect({ clientId: "other" });
		other.subscribe("jobs/#");
		publishAll(hub, NUMBERS);
		const shares = pool.map((member) => member.payloads());
		expect(shares.map(({ length }) => length)).toEqual([4, 4, 4]);
		expect(shares.flat().sort()).toEqual([...NUMBERS].sort());
		expect(other.payloads()).toEqual(NUMBERS);
	});

	test("different share names are different groups", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version, clientId: "a" });
		client.subscribe("$share/one/jobs/#");
		client.subscribe("$share/two/jobs/#");
		client.subscribe("jobs/#");
		publishAll(hub, ["x"]);
		expect(client.payloads()).toEqual(["x", "x", "x"]);
	});
});

describe("who gets a message", () => {
	test("not a member that cannot send it at once, while another can", () => {
		const hub = new BrokerHarness({ limits: { inflight: 2 } });
		const [slow, quick] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		quick.acknowledges = true;
		publishAll(hub, NUMBERS);
		expect(slow.messages().length).toBe(2);
		expect(quick.messages().length).toBe(10);
	});

	test("not a member that is away, while another is connected", () => {
		const hub = new BrokerHarness();
		const [away, here] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		away.lose();
		publishAll(hub, NUMBERS);
		expect(here.payloads()).toEqual(NUMBERS);
	});

	test("a member that is away, if all are", () => {
		const hub = new BrokerHarness();
		const pool = members(hub, 2);
		for (const member of pool) member.lose();
		publishAll(hub, NUMBERS);
		expect(hub.core.stats.queuedMessages).toBe(12);
		const shares = members(hub, 2).map((member) => member.payloads());
		expect(shares.map(({ length }) => length)).toEqual([6, 6]);
	});

	test("nobody, after the last has unsubscribed", () => {
		const hub = new BrokerHarness();
		const pool = members(hub, 2);
		for (const member of pool) member.unsubscribe("$share/pool/jobs/+");
		publishAll(hub, NUMBERS);
		expect(pool.flatMap((member) => member.payloads())).toEqual([]);
		expect(hub.core.stats).toMatchObject({ subscriptions: 0, sharedSubscriptions: 0 });
	});

	test("[MQTT-4.8.2-3] at the QoS that this member was granted", () => {
		const hub = new BrokerHarness();
		members(hub, 1, 5, 0);
		const [member] = members(hub, 1, 5, 0) as [BrokerPeer];
		publishAll(hub, ["x"], 2);
		expect(member.messages()).toMatchObject([{ qos: 0 }]);
	});
});

describe("when a member leaves", () => {
	test("what it did not acknowledge at QoS 1 goes to the others", () => {
		const hub = new BrokerHarness({ limits: { inflight: 3 } });
		const [leaving, staying] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		publishAll(hub, NUMBERS);
		const had = staying.payloads();
		leaving.lose();
		staying.acknowledges = true;
		for (let messageId = 1; messageId <= 3; messageId++) staying.send({ cmd: "puback", messageId, reasonCode: 0 });
		expect([...had, ...staying.payloads()].sort()).toEqual([...NUMBERS].sort());
	});

	test("and its session ends, it waits for the others even if they are away", () => {
		const hub = new BrokerHarness();
		const [leaving, away] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		away.lose();
		publishAll(hub, ["x"]);
		leaving.disconnect(0, 0);
		const [, back] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		expect(back.payloads()).toEqual(["x"]);
	});

	test("[MQTT-4.8.2-4] QoS 2 that it may have is delivered to it to the end", () => {
		const hub = new BrokerHarness();
		const [leaving, staying] = members(hub, 2, 5, 2) as [BrokerPeer, BrokerPeer];
		publishAll(hub, ["x"], 2);
		leaving.lose();
		expect(staying.messages()).toEqual([]);
		const back = members(hub, 1, 5, 2)[0];
		expect(back?.messages()).toMatchObject([{ payload: "x", dup: true }]);
	});

	test("[MQTT-4.8.2-5] or is lost with its session", () => {
		const hub = new BrokerHarness();
		const [leaving, staying] = members(hub, 2, 5, 2) as [BrokerPeer, BrokerPeer];
		publishAll(hub, ["x"], 2);
		leaving.disconnect(0, 0);
		expect(staying.messages()).toEqual([]);
		expect(hub.core.stats).toMatchObject({ storedMessages: 0, inflightMessages: 0 });
	});

	test("[MQTT-4.8.2-6] what a member refused goes to nobody else", () => {
		const hub = new BrokerHarness();
		const [refusing, other] = members(hub, 2) as [BrokerPeer, BrokerPeer];
		publishAll(hub, ["x"]);
		refusing.send({ cmd: "puback", messageId: 1, reasonCode: REASON.QUOTA_EXCEEDED });
		refusing.lose();
		expect(other.messages()).toEqual([]);
	});
});

test.each([
	["$share//t", "an empty share name [MQTT-4.8.2-1]"],
	["$share/g", "no filter [MQTT-4.8.2-2]"],
	["$share/g/", "no filter [MQTT-4.8.2-2]"],
	["$share/+/t", "a wildcard in its share name [MQTT-4.8.2-2]"],
])("%p has %s and is refused", (filter) => {
	expect(new BrokerHarness().connect({ version: 5 }).subscribe(filter)).toEqual([REASON.TOPIC_FILTER_INVALID]);
});
