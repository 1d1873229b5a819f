import { describe, expect, test } from "@jest/globals";
import type { ClientOptions } from "../../../src/client/index.ts";
import { encode, encodeUtf8, UsageError } from "../../../src/codec/index.ts";
import { Harness } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const WILL = { topic: "device/status", payload: "offline", qos: 1, retain: true } as const;

describe("CONNECT", () => {
	test("carries every option of 3.1.1", () => {
		const h = new Harness({ username: "u", password: "päss", keepAlive: 30, clean: false, will: WILL });
		h.client.start();
		expect(h.connect()).toMatchObject({
			protocolId: "MQTT",
			protocolVersion: 4,
			clientId: "device",
			clean: false,
			keepalive: 30,
			username: "u",
			password: encodeUtf8("päss"),
			will: { topic: "device/status", payload: encodeUtf8("offline"), qos: 1, retain: true },
		});
	});

	test("takes a password of any bytes", () => {
		const password = new Uint8Array([0, 255, 128, 10]);
		const h = new Harness({ username: "u", password });
		h.client.start();
		expect(h.connect().password).toEqual(password);
	});

	test("carries the limits, session expiry and will properties of MQTT 5", () => {
		const h = new Harness({
			protocol: "5",
			sessionExpiry: 300,
			limits: { maxInflight: 5, maxPacket: 10_000, topicAliases: 3 },
			will: { ...WILL, properties: { willDelayInterval: 10, contentType: "text/plain" } },
			properties: { requestProblemInformation: true, userProperties: { room: "kitchen" } },
		});
		h.client.start();
		const packet = h.connect();
		expect(packet).toMatchObject({ protocolVersion: 5, clean: true });
		expect(packet.properties).toEqual({
			sessionExpiryInterval: 300,
			receiveMaximum: 5,
			maximumPacketSize: 10_000,
			topicAliasMaximum: 3,
			requestProblemInformation: true,
			userProperties: expect.objectContaining({ room: "kitchen" }),
		});
		expect(packet.will?.properties).toEqual({ willDelayInterval: 10, contentType: "text/plain" });
	});

	test("does not begin anew on a reconnect of MQTT 5 whose session has not expired", () => {
		const h = new Harness({ protocol: "5", sessionExpiry: 300 });
		h.client.start();
		expect(h.connect().clean).toBe(true);
		h.peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
		h.peer.drop();
		h.retry();
		expect(h.connect().clean).toBe(false);
	});

	test("is of level 3 with the name MQIsdp in MQTT 3.1", () => {
		const h = new Harness({ protocol: "3.1", username: "u" });
		h.client.start();
		expect(h.connect()).toMatchObject({ protocolId: "MQIsdp", protocolVersion: 3, clientId: "device" });
	});
});

describe("the client id", () => {
	test("is generated once, and is the same after a restart with a Store", () => {
		const store = new MemoryStore();
		const ids = [1, 2].map((seed) => {
			const h = new Harness({ clientId: undefined }, { store, seed });
			h.client.start();
			return h.connect().clientId;
		});
		expect(ids[0]).toMatch(/^motehub-[0-9a-f]{8}$/);
		expect(ids[1]).toBe(ids[0]);
	});

	test("may be empty, so that the broker chooses; the choice is kept for reconnects", () => {
		const h = new Harness({ clientId: "", protocol: "5" });
		h.client.start();
		expect(h.connect().clientId).toBe("");
		h.peer.send({
			cmd: "connack",
			sessionPresent: false,
			reasonCode: 0,
			properties: { assignedClientIdentifier: "auto-7" },
		});
		expect(h.client.state).toMatchObject({ kind: "online", clientId: "auto-7" });
		h.peer.drop();
		h.retry();
		expect(h.connect().clientId).toBe("auto-7");
	});

	test("of more than 23 characters is shortened for 3.1, always in the same way, and reported", () => {
		const id = "motehub-greenhouse-sensor-north-1";
		const seen = [1, 2].map((seed) => {
			const h = new Harness({ protocol: "3.1", clientId: id }, { seed });
			h.client.start();
			const { clientId } = h.connect();
			expect(h.lines).toContainEqual({ level: "warn", message: expect.stringContaining("23 characters") });
			return clientId;
		});
		expect(seen[0]).toMatch(/^motehub-greenh-[0-9a-f]{8}$/);
		expect(seen[1]).toBe(seen[0]);
		const other = new Harness({ protocol: "3.1", clientId: "motehub-greenhouse-sensor-north-2" });
		other.client.start();
		expect(other.connect().clientId).not.toBe(seen[0]);
	});

	test("that is missing is generated where 3.1 needs one", () => {
		const h = new Harness({ protocol: "3.1", clientId: "" });
		h.client.start();
		expect(h.connect().clientId).toMatch(/^motehub-[0-9a-f]{8}$/);
	});
});

describe("an answer to CONNECT", () => {
	test("brings the client online, which says as what", () => {
		const h = new Harness({ clean: false });
		h.accept({ sessionPresent: true });
		expect(h.client.state).toEqual({ kind: "online", protocol: "3.1.1", sessionPresent: true, clientId: "device" });
		expect(h.states.map(({ kind }) => kind)).toEqual(["connecting", "online"]);
	});

	test.each([
		["3.1.1", 2, "client id"],
		["3.1.1", 3, "unavailable"],
		["3.1.1", 4, "user name or password"],
		["3.1.1", 5, "not authorized"],
		["5", 0x86, "user name or password"],
		["5", 0x87, "not authorized"],
		["5", 0x8a, "banned"],
		["5", 0x95, "too large"],
		["5", 0x9f, "connection rate exceeded"],
	] as const)("of MQTT %s with code %i is reported with rung, phase and text", (protocol, code, text) => {
		const h = new Harness({ protocol });
		h.accept({ reasonCode: code });
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons).toEqual([{ phase: "connect", protocol, code, message: expect.stringContaining(text) }]);
	});

	test("passes on what an MQTT 5 broker says", () => {
		const h = new Harness({ protocol: "5" });
		const properties = { reasonString: "come back at noon", serverReference: "other.test" };
		h.accept({ reasonCode: 0x9c, properties });
		expect(h.reasons[0]?.message).toMatch(/come back at noon.*other\.test/);
	});

	test("that does not come within the timeout ends the attempt", () => {
		const h = new Harness({ connectTimeout: 4_000 });
		h.client.start();
		h.connect();
		h.advance(3_999);
		expect(h.peer.isClosed).toBe(false);
		h.advance(1);
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons).toEqual([
			{ phase: "connect", protocol: "3.1.1", message: expect.stringMatching(/4000 ms.*MQTT 3\.1\.1/) },
		]);
	});

	test("that comes byte by byte, and takes longer than the timeout, ends the attempt all the same", () => {
		const h = new Harness({ protocol: "5", connectTimeout: 10_000 });
		h.client.start();
		h.connect();
		const answer = encode(
			{ cmd: "connack", sessionPresent: false, reasonCode: 0, properties: { reasonString: "hello" } },
			5,
		);
		for (let at = 0; at < answer.length - 1 && !h.peer.isClosed; at++) {
			h.peer.sendBytes(answer.slice(at, at + 1));
			h.advance(1_000);
		}
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons).toMatchObject([{ phase: "connect", message: expect.stringContaining("did not answer CONNECT") }]);
	});

	test("that is no CONNACK is a protocol error", () => {
		const h = new Harness();
		h.client.start();
		h.connect();
		h.peer.send({ cmd: "pingresp" });
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons[0]).toMatchObject({ phase: "connect", message: expect.stringContaining("PINGRESP") });
	});

	test("that resumes a session although a new one was asked for is refused", () => {
		const h = new Harness({ protocol: "5" });
		h.accept({ sessionPresent: true });
		expect(h.peer.takeOne("disconnect").reasonCode).toBe(0x82);
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons[0]?.message).toContain("new one");
	});

	test.each([
		["a TLS alert is told as that", [0x15, 3, 3, 0, 2, 2, 70], /speaks TLS on this port/],
		["0x15, but not at first, is none", [0x20, 0x15], /^(?!.*TLS)/],
	])("that begins with %s", (_what, bytes, message) => {
		const h = new Harness();
		h.client.start();
		h.connect();
		for (const byte of bytes) h.peer.sendBytes(Uint8Array.of(byte));
		if (h.reasons.length === 0) h.peer.drop();
		expect(h.reasons).toEqual([expect.objectContaining({ phase: "connect", message: expect.stringMatching(message) })]);
	});

	test("that does not come, since the broker closes, may be one for TLS", () => {
		const h = new Harness();
		h.client.start();
		h.connect();
		h.peer.drop();
		expect(h.reasons[0]?.message).toMatch(/without an answer to CONNECT: .* or speak TLS on this port\.$/);
	});

	test("that comes a second time is a protocol error", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x82);
		expect(h.reasons[0]?.message).toContain("second CONNACK");
	});

	test("cut anywhere means the same", () => {
		const bytes = encode({ cmd: "connack", sessionPresent: false, reasonCode: 0 }, 4);
		const h = new Harness();
		h.client.start();
		h.connect();
		for (const byte of bytes) h.peer.sendBytes(new Uint8Array([byte]));
		expect(h.client.state.kind).toBe("online");
	});
});

describe("a transport", () => {
	test.each([
		[{ phase: "dns", message: "no such host" } as const, { phase: "dns", message: "no such host" }],
		[{ phase: "tcp", message: "refused" } as const, { phase: "tcp", message: "refused" }],
		[{ phase: "tls", message: "unknown CA" } as const, { phase: "tls", message: "unknown CA" }],
		[undefined, { phase: "tcp", message: expect.stringContaining("before it was ready") }],
	])("that fails to open is reported: %j", (failure, reason) => {
		const h = new Harness();
		h.client.start();
		h.peer.drop(failure);
		expect(h.reasons).toEqual([{ protocol: "3.1.1", ...reason }]);
	});

	test("that never opens is given up", () => {
		const h = new Harness({ connectTimeout: 2_000 });
		h.client.start();
		h.advance(2_000);
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons[0]).toMatchObject({ phase: "tcp", message: expect.stringContaining("2000 ms") });
	});

	test("that is given up says at which step it is", () => {
		const h = new Harness({ connectTimeout: 2_000 });
		h.client.start();
		h.peer.step = { phase: "tls", message: "broker.test:8883: the TLS handshake has not ended" };
		h.advance(2_000);
		const message = "broker.test:8883: the TLS handshake has not ended (waited 2000 ms).";
		expect(h.reasons).toEqual([{ phase: "tls", protocol: "3.1.1", message }]);
		expect(h.peer.isClosed).toBe(true);
	});

	test("is not heard any more once it was closed", () => {
		const h = new Harness({ connectTimeout: 2_000 });
		h.client.start();
		const late = h.peer;
		h.advance(2_000);
		const before = h.states.length;
		late.open();
		late.sendBytes(new Uint8Array([0x20, 2, 0, 0]));
		late.drop();
		expect(h.states).toHaveLength(before);
		expect(late.packets).toEqual([]);
	});
});

describe("the reason of a disconnect", () => {
	test.each([
		[undefined, "The broker closed the connection."],
		[{ phase: "tcp", message: "reset by peer" } as const, "reset by peer"],
	])("online is the transport's: %j", (failure, message) => {
		const h = new Harness();
		h.accept().drop(failure);
		expect(h.reasons).toEqual([{ phase: "online", protocol: "3.1.1", message }]);
	});

	test("is the code of a DISCONNECT", () => {
		const h = new Harness({ protocol: "5" });
		h.accept().send({ cmd: "disconnect", reasonCode: 0x8e, properties: { reasonString: "by 10.0.0.9" } });
		expect(h.peer.isClosed).toBe(true);
		expect(h.reasons).toEqual([
			{ phase: "online", protocol: "5", code: 0x8e, message: expect.stringMatching(/took over.*10\.0\.0\.9/) },
		]);
	});
});

describe("options", () => {
	const wrong: readonly (readonly [string, ClientOptions, RegExp])[] = [
		["an unknown protocol", { protocol: "4" as "5" }, /"protocol"/],
		["no id for a kept session", { clientId: "", clean: false }, /"clientId"/],
		["a password without a user name", { password: "p" }, /"username"/],
		["a keep alive out of range", { keepAlive: 65_536 }, /"keepAlive".*65535.*65536/],
		["a fraction of a second", { keepAlive: 1.5 }, /"keepAlive"/],
		["a timeout of nothing", { connectTimeout: 0 }, /"connectTimeout"/],
		["a limit that is no number", { limits: { maxPacket: Number.NaN } }, /"limits\.maxPacket"/],
		["a receive maximum of 0", { limits: { maxInflight: 0 } }, /"limits\.maxInflight"/],
		["turns of nothing", { limits: { packetsPerTurn: 0 } }, /"limits\.packetsPerTurn".*1/],
		["a negative wait", { reconnect: { initial: -1 } }, /"reconnect\.initial"/],
		["a wildcard in the will's topic", { will: { topic: "a/#", payload: "" } }, /"will\.topic".*wildcard/],
		["a will of QoS 3", { will: { topic: "a", payload: "", qos: 3 as 2 } }, /"will\.qos"/],
		["a will too long", { will: { topic: "a", payload: new Uint8Array(65_536) } }, /"will\.payload"/],
		["enhanced authentication", { properties: { authenticationMethod: "SCRAM" } }, /not supported/],
		["a property with an option of its own", { properties: { receiveMaximum: 3 } }, /"limits\.maxInflight"/],
	];

	test.each(wrong)("with %s are refused", (_what, options, message) => {
		const create = () => new Harness(options);
		expect(create).toThrow(UsageError);
		expect(create).toThrow(message);
	});
});
