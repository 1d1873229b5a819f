import { describe, expect, test } from "@jest/globals";
import { Harness } from "../../support/client-harness.ts";

describe("connecting", () => {
	test("a client goes online, publishes, and ends with DISCONNECT", () => {
		const h = new Harness();
		const peer = h.accept();
		expect(h.client.state).toEqual({ kind: "online", protocol: "3.1.1", sessionPresent: false, clientId: "device" });
		h.client.publish("a/b", "hello");
		expect(peer.takeOne("publish")).toMatchObject({ topic: "a/b", qos: 0 });
		void h.client.end();
		peer.takeOne("disconnect");
		expect(peer.isClosed).toBe(true);
	});
});
