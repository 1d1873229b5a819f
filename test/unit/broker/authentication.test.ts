import { describe, expect, test } from "@jest/globals";
import type { BrokerLimits } from "../../../src/broker/index.ts";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";

const WELCOME = { allow: true } as const;

describe("authentication", () => {
	test("the host is given what the client says of itself", () => {
		const hub = new BrokerHarness({ authenticate: () => undefined });
		hub.open(4).sendConnect({ clientId: "a", username: "ada", password: new Uint8Array([1, 0, 255]) });
		expect(hub.requests).toMatchObject([
			{ clientId: "a", username: "ada", password: new Uint8Array([1, 0, 255]), info: { address: "192.0.2.1" } },
		]);
	});

	test.each([
		[3, REASON.BAD_USER_NAME_OR_PASSWORD, 4],
		[3, REASON.NOT_AUTHORIZED, 5],
		[3, REASON.SERVER_UNAVAILABLE, 3],
		[4, REASON.BAD_USER_NAME_OR_PASSWORD, 4],
		[4, REASON.NOT_AUTHORIZED, 5],
		[4, REASON.BANNED, 5],
		[4, REASON.SERVER_UNAVAILABLE, 3],
		[5, REASON.BAD_USER_NAME_OR_PASSWORD, 0x86],
		[5, REASON.NOT_AUTHORIZED, 0x87],
		[5, REASON.SERVER_UNAVAILABLE, 0x88],
	] as const)(
		"[MQTT-3.2.2-7] [MQTT-3.1.4-2] [MQTT-3.2.2-6] [MQTT-3.2.2-8] [MQTT-4.13.2-1] [3.1.1 MQTT-3.2.2-4] [3.1.1 MQTT-3.2.2-5] [3.1 section 3.2] at level %p a refusal for 0x%p is code %p, then the end",
		(version, reasonCode, code) => {
			const hub = new BrokerHarness({ authenticate: () => ({ allow: false, reasonCode }) });
			const client = hub.open(version);
			client.sendConnect({ clientId: "a" });
			// [MQTT-3.2.2-6] no session present
			expect(client.takeOne("connack")).toMatchObject({ reasonCode: code, sessionPresent: false });
			expect(client.isClosed).toBe(true);
			expect(hub.core.stats).toMatchObject({ connections: 0, sessions: 0, connectionsRefused: 1 });
			expect(hub.eventsOf("refused")).toMatchObject([{ clientId: "a", reasonCode }]);
		},
	);

	test.each([
		[REASON.BAD_USER_NAME_OR_PASSWORD, "ada", "The user name or the password is wrong."],
		[REASON.NOT_AUTHORIZED, undefined, "A user name is needed."],
		[REASON.NOT_AUTHORIZED, "ada", "The client may not connect."],
		[REASON.CONNECTION_RATE_EXCEEDED, "ada", "Too many attempts came from this address."],
		[REASON.BANNED, "ada", "Authentication failed."],
	] as const)("0x%p of the user %p is put into words", (reasonCode, username, message) => {
		const hub = new BrokerHarness({ authenticate: () => ({ allow: false, reasonCode }) });
		const client = hub.open(5);
		client.sendConnect(username === undefined ? { clientId: "a" } : { clientId: "a", username });
		expect(client.takeOne("connack").properties).toMatchObject({ reasonString: message });
		expect(hub.eventsOf("refused")).toMatchObject([{ message }]);
	});

	test.each<ProtocolVersion>([3, 4, 5])(
		"[MQTT-3.2.0-1] [3.1.1 MQTT-3.2.0-1] what follows CONNECT without waiting is handled after it, at level %p",
		(version) => {
			const hub = new BrokerHarness({ authenticate: () => undefined });
			const client = hub.open(version);
			client.sendConnect({ clientId: "a" });
			client.send(
				{ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] },
				client.publishPacket("t", "hello", { qos: 1, messageId: 2 }),
				{ cmd: "pingreq" },
			);
			expect(client.take()).toEqual([]);
			hub.core.authenticated(client.connection, WELCOME, hub.now);
			hub.drain();
			const packets = client.take().map(({ cmd }) => cmd);
			expect(packets[0]).toBe("connack"); // [MQTT-3.2.0-1]
			expect(packets.slice(1).sort()).toEqual(["pingresp", "puback", "publish", "suback"]);
		},
	);

	test.each<ProtocolVersion>([3, 4, 5])(
		"[MQTT-3.1.4-6] [3.1.1 MQTT-3.1.4-5] what follows a refused CONNECT is not handled, at level %p",
		(version) => {
			const hub = new BrokerHarness({ authenticate: ({ clientId }) => (clientId === "b" ? undefined : WELCOME) });
			const listener = hub.connect({ clientId: "a" });
			listener.subscribe("#");
			const client = hub.open(version);
			client.sendConnect({ clientId: "b" });
			client.publish("t", "hello");
			hub.core.authenticated(client.connection, { allow: false, reasonCode: REASON.NOT_AUTHORIZED }, hub.now);
			hub.drain();
			expect(listener.messages()).toEqual([]);
		},
	);

	test("a client that sends on while it waits is not read from, and closed if it goes too far", () => {
		const hub = new BrokerHarness({ authenticate: () => undefined, limits: { inboxBytes: 1_000 } });
		const client = hub.open(4);
		client.sendConnect({ clientId: "a" });
		expect(client.isRead).toBe(true);
		client.publish("t", "x".repeat(500));
		expect(client.isRead).toBe(false);
		expect(client.isClosed).toBe(false);
		client.publish("t", "x".repeat(500));
		expect(client.isClosed).toBe(true);
	});

	test("reading goes on when it is accepted", () => {
		const hub = new BrokerHarness({ authenticate: () => undefined });
		const client = hub.open(4);
		client.sendConnect({ clientId: "a" });
		client.send({ cmd: "pingreq" });
		expect(client.isRead).toBe(false);
		hub.core.authenticated(client.connection, WELCOME, hub.now);
		hub.drain();
		expect(client.isRead).toBe(true);
	});

	test("a verdict that takes too long ends the connection", () => {
		const hub = new BrokerHarness({ authenticate: () => undefined, limits: { connectTimeout: 5_000 } });
		const client = hub.open(5);
		client.sendConnect({ clientId: "a" });
		hub.advance(5_000);
		expect(client.takeOne("connack").reasonCode).toBe(REASON.SERVER_BUSY);
		hub.core.authenticated(client.connection, WELCOME, hub.now);
		hub.drain();
		expect(hub.core.stats).toMatchObject({ connections: 0, sessions: 0 });
	});

	test("a late verdict for a client that left is ignored", () => {
		const hub = new BrokerHarness({ authenticate: () => undefined });
		const client = hub.open(4);
		client.sendConnect({ clientId: "a" });
		client.lose();
		hub.core.authenticated(client.connection, WELCOME, hub.now);
		hub.drain();
		expect(hub.core.stats).toMatchObject({ connections: 0, sessions: 0, clientsConnected: 0 });
	});

	test("a second verdict is ignored", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ clientId: "a" });
		hub.core.authenticated(client.connection, { allow: false, reasonCode: REASON.BANNED }, hub.now);
		hub.drain();
		expect(client.isClosed).toBe(false);
	});

	test("the host's name for the user counts", () => {
		const hub = new BrokerHarness({ authenticate: () => ({ allow: true, username: "CN of the certificate" }) });
		hub.connect({ clientId: "a", username: "root" });
		expect(hub.eventsOf("connected")).toMatchObject([{ username: "CN of the certificate" }]);
	});
});

describe("enhanced authentication", () => {
	const METHOD = "CHALLENGE";
	const ask = { properties: { authenticationMethod: METHOD, authenticationData: new Uint8Array([1]) } };
	const reply = (reasonCode: number, data: number[] = [2], authenticationMethod = METHOD) =>
		({
			cmd: "auth",
			reasonCode,
			properties: { authenticationMethod, authenticationData: new Uint8Array(data) },
		}) as const;

	/** A host that challenges, then accepts the answer 2 and refuses any other. */
	function challenger(limits: Partial<BrokerLimits> = {}): BrokerHarness {
		return new BrokerHarness({
			limits,
			authenticationMethods: [METHOD],
			authenticate: ({ method, data }) => {
				if (method === undefined) return WELCOME;
				if (data?.[0] === 1) return { challenge: new Uint8Array([9]) };
				if (data?.[0] === 2) return { allow: true, data: new Uint8Array([3]) };
				return { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
			},
		});
	}

	test("[MQTT-4.12.0-2] challenges with AUTH 0x18, [MQTT-4.12.0-5] names the method in every AUTH and in CONNACK", () => {
		const client = challenger().open(5);
		client.sendConnect(ask);
		expect(client.takeOne("auth")).toMatchObject(reply(REASON.CONTINUE_AUTHENTICATION, [9]));
		client.send(reply(REASON.CONTINUE_AUTHENTICATION));
		const connack = client.takeOne("connack");
		expect(connack.reasonCode).toBe(0);
		expect(connack.properties).toMatchObject({
			authenticationMethod: METHOD,
			authenticationData: new Uint8Array([3]),
		});
	});

	test("[MQTT-4.12.0-4] a wrong answer is refused", () => {
		const client = challenger().open(5);
		client.sendConnect(ask);
		client.send(reply(REASON.CONTINUE_AUTHENTICATION, [7]));
		expect(client.takeOne("connack").reasonCode).toBe(REASON.NOT_AUTHORIZED);
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-4.12.0-1] an unknown method is refused", () => {
		const client = new BrokerHarness().open(5);
		client.sendConnect(ask);
		expect(client.takeOne("connack").reasonCode).toBe(REASON.BAD_AUTHENTICATION_METHOD);
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-3.1.2-30] other packets in between end the connection", () => {
		const hub = challenger();
		const client = hub.open(5);
		client.sendConnect(ask);
		client.publish("t", "early");
		expect(client.isClosed).toBe(true);
		expect(hub.core.stats.publishReceived).toBe(0);
	});

	test("memory cannot be had in between: packets are as short as CONNECT until the client is in", () => {
		const limits = { maxConnect: 200, maxPacket: 100_000 };
		const hub = challenger(limits);
		const announcing = hub.open(5);
		announcing.sendConnect(ask);
		announcing.sendBytes(new Uint8Array([0xf0, 0xff, 0x7f, 0x18])); // AUTH of 16,383 bytes
		expect(announcing.isClosed).toBe(true);
		expect(hub.core.stats.limitHits.packetSize).toBe(1);

		const client = hub.open(5);
		client.sendConnect(ask);
		client.send(reply(REASON.CONTINUE_AUTHENTICATION));
		expect(client.takeOne("connack").properties).toMatchObject({ maximumPacketSize: 100_000 });
		client.publish("t", "x".repeat(50_000));
		expect(client.isClosed).toBe(false);
		expect(hub.core.stats.publishBytesReceived).toBe(50_000);
	});

	test("DISCONNECT in between gives up", () => {
		const hub = challenger();
		const client = hub.open(5);
		client.sendConnect(ask);
		client.disconnect();
		expect(client.isClosed).toBe(true);
		expect(client.take().map(({ cmd }) => cmd)).toEqual(["auth"]);
	});

	test("[MQTT-4.12.1-1] a connected client authenticates again and stays connected", () => {
		const hub = challenger();
		const client = hub.open(5);
		client.sendConnect(ask);
		client.send(reply(REASON.CONTINUE_AUTHENTICATION));
		client.take();
		client.send(reply(REASON.RE_AUTHENTICATE, [1]));
		expect(client.takeOne("auth").reasonCode).toBe(REASON.CONTINUE_AUTHENTICATION);
		client.send({ cmd: "pingreq" }); // ordinary packets go on meanwhile
		expect(client.takeOne("pingresp")).toBeDefined();
		client.send(reply(REASON.CONTINUE_AUTHENTICATION, [2]));
		expect(client.takeOne("auth")).toMatchObject({ reasonCode: REASON.SUCCESS });
		expect(client.isClosed).toBe(false);
	});

	test("[MQTT-4.12.1-2] one that fails at it is disconnected", () => {
		const client = challenger().open(5);
		client.sendConnect(ask);
		client.send(reply(REASON.CONTINUE_AUTHENTICATION));
		client.take();
		client.send(reply(REASON.RE_AUTHENTICATE, [7]));
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.NOT_AUTHORIZED);
		expect(client.isClosed).toBe(true);
	});

	test.each([
		["without a method in CONNECT [MQTT-4.12.0-7]", {}, reply(REASON.RE_AUTHENTICATE)],
		["with another method", ask, reply(REASON.RE_AUTHENTICATE, [1], "OTHER")],
		["that continues nothing", ask, reply(REASON.CONTINUE_AUTHENTICATION)],
	])("AUTH %s is a protocol error", (_, connect, auth) => {
		const client = challenger().open(5);
		client.sendConnect(connect);
		if (connect === ask) client.send(reply(REASON.CONTINUE_AUTHENTICATION));
		client.take();
		client.send(auth);
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
	});
});
