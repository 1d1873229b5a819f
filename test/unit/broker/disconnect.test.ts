import { describe, expect, test } from "@jest/globals";
import { encode, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";

/** What makes the broker disconnect a client, and why. */
const CAUSES: readonly (readonly [
	what: string,
	cause: (hub: BrokerHarness, client: BrokerPeer) => void,
	code: number,
])[] = [
	["a malformed packet", (_, client) => client.sendBytes(new Uint8Array([0x36, 0])), REASON.MALFORMED_PACKET],
	["a packet of the server", (_, client) => client.sendBytes(encode({ cmd: "pingresp" }, 5)), REASON.PROTOCOL_ERROR],
	["silence", (hub) => hub.advance(15_000), REASON.KEEP_ALIVE_TIMEOUT],
	["a new connection", (hub) => hub.connect({ version: 5, clientId: "a" }), REASON.SESSION_TAKEN_OVER],
	["the host", (hub) => hub.core.disconnectClient("a", REASON.ADMINISTRATIVE_ACTION, "", hub.now), 0x98],
	["a shutdown", (hub) => hub.core.shutdown(hub.now), REASON.SERVER_SHUTTING_DOWN],
];

describe("the broker's DISCONNECT", () => {
	test.each(CAUSES)(
		"[MQTT-3.14.2-2] [MQTT-3.14.4-1] [MQTT-3.14.4-2] because of %s is its last packet, without a session expiry",
		(_, cause, reasonCode) => {
			const hub = new BrokerHarness();
			const options = { version: 5, clientId: "a", keepalive: 10 } as const;
			const client = hub.connect({ ...options, properties: { sessionExpiryInterval: 60 } });
			client.subscribe("#", 1);
			cause(hub, client);
			hub.drain();
			expect(client.isClosed).toBe(true);
			const packets = client.take();
			expect(packets).toMatchObject([{ cmd: "disconnect", reasonCode }]);
			expect(packets[0]).not.toHaveProperty("properties.sessionExpiryInterval");
			// The peer throws if anything is sent to it from now on.
			hub.core.publish({ topic: "t", payload: new Uint8Array(1), qos: 1 }, hub.now);
			client.sendBytes(encode({ cmd: "pingreq" }, 5));
			hub.drain();
		},
	);
});

test("[3.1.1 MQTT-4.8.0-2] a fault of the host's hook costs the connection that met it, and no other", () => {
	const access = {
		authorizePublish: (_: unknown, topic: string) => {
			if (topic === "fault") throw new Error("the hook failed");
			return true;
		},
		authorizeSubscribe: () => true,
		authorizeDelivery: () => true,
	};
	const hub = new BrokerHarness({ access });
	const other = hub.connect({ clientId: "other" });
	other.subscribe("#");
	const client = hub.connect({ clientId: "a" });
	expect(() => client.publish("fault", "x", { qos: 1 })).toThrow("the hook failed"); // the harness reports it
	hub.drain();
	expect(client.isClosed).toBe(true);
	expect(client.take()).toEqual([]);
	other.publish("t", "still here");
	expect(other.payloads()).toEqual(["still here"]);
});
