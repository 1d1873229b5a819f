import { describe, expect, test } from "@jest/globals";
import { REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { fromHex, MALFORMED } from "../../vectors/codec/index.ts";

const FIRST = MALFORMED.filter(({ to }) => to === "fresh server");
const LATER = MALFORMED.filter(({ to }) => to === "server");

/** A hub with somebody whom nothing of it may concern. */
function inhabited(): { hub: BrokerHarness; expectUnharmed: () => void } {
	const hub = new BrokerHarness({ limits: { maxPacket: 1_024 } }); // as the codec has it where the packets come from
	const bystander = hub.connect({ clientId: "bystander" });
	bystander.subscribe("#");
	return {
		hub,
		expectUnharmed: () => {
			bystander.publish("still/here", "yes");
			expect(bystander.payloads()).toEqual(["yes"]);
		},
	};
}

describe("malformed packets of a client", () => {
	test.each(LATER)("at level $version, $name: end its connection, by $spec", ({ version, hex, reasonCode }) => {
		const { hub, expectUnharmed } = inhabited();
		const client = hub.connect({ version, clientId: "a" });
		client.sendBytes(fromHex(hex));
		expect(client.isClosed).toBe(true);
		expect(client.take()).toMatchObject(version === 5 ? [{ cmd: "disconnect", reasonCode }] : []);
		expect(hub.eventsOf("disconnected")).toMatchObject([{ clientId: "a", reasonCode }]);
		expectUnharmed();
	});
});

describe("a malformed CONNECT", () => {
	test.each(FIRST)("at level $version, $name: ends the connection, by $spec", ({ version, hex, reasonCode }) => {
		const { hub, expectUnharmed } = inhabited();
		const client = hub.open(version);
		client.isDecoding = false; // the form of an answer goes by the version that was asked for
		client.sendBytes(fromHex(hex));
		expect(client.isClosed).toBe(true);
		if (reasonCode !== REASON.UNSUPPORTED_PROTOCOL_VERSION) expect(client.sends).toEqual([]);
		expect(hub.eventsOf("refused")).toMatchObject([{ reasonCode }]);
		expect(hub.core.stats).toMatchObject({ connections: 1, sessions: 1 });
		expectUnharmed();
	});
});
