import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Resolver } from "../../hosts/device/dns/resolver.ts";
import { encodeRequest, readAnswer } from "../../hosts/device/sntp/message.ts";
import { SntpQuery, type SntpResult } from "../../hosts/device/sntp/sntp-client.ts";
import type { TimeKeeper } from "../../hosts/device/sntp/time-keeper.ts";
import { TimedTransport } from "../../hosts/device/sntp/timed-transport.ts";
import { answerTime } from "../../hosts/simulator/time-server.ts";
import type { Transport, TransportEvents } from "../../src/ports/index.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { FakeUdp } from "./support/fake-udp.ts";

const EARLIEST = Date.UTC(2026, 10, 1) / 1_000;
const REQUEST = encodeRequest(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));

function answerOf(time: number): Uint8Array {
	return answerTime(REQUEST, time * 1_000) ?? new Uint8Array(0);
}

function changed(answer: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
	const copy = Uint8Array.from(answer);
	copy.set(values, at);
	return copy;
}

describe("an SNTP answer", () => {
	test.each([
		["now", EARLIEST + 1],
		["after NTP's count begins anew, in 2036", Date.UTC(2040, 0, 1) / 1_000],
	])("tells the time, %s", (_when, time) => {
		expect(readAnswer(answerOf(time), REQUEST, EARLIEST)).toEqual({ time });
	});

	const good = answerOf(EARLIEST);
	test.each([
		["a time before the build", answerOf(EARLIEST - 1), /before this firmware was built/],
		["a server that is not synchronized", changed(good, 0, 0xe4), /does not know the time/],
		["stratum 16", changed(good, 1, 16), /does not know the time/],
		["no time at all", changed(good, 40, 0, 0, 0, 0), /does not know the time/],
		["a kiss of death", changed(changed(good, 1, 0), 12, 0x52, 0x41, 0x54, 0x45), /RATE/],
	])("with %s is of no use", (_what, answer, refusal) => {
		expect(readAnswer(answer, REQUEST, EARLIEST)).toEqual({ refusal: expect.stringMatching(refusal) });
	});

	test.each([
		["another nonce", changed(good, 24, 9)],
		["a client's mode", changed(good, 0, 0x23)],
		["a byte missing", good.subarray(0, 47)],
		["nothing", new Uint8Array(0)],
	])("with %s is none", (_what, answer) => {
		expect(readAnswer(answer, REQUEST, EARLIEST)).toBeUndefined();
	});

	test("of any bytes never throws, and never tells a time before the build", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 40, maxLength: 60 }), (bytes) => {
				const answer = readAnswer(changed(bytes, 24, 1, 2, 3, 4, 5, 6, 7, 8), REQUEST, EARLIEST);
				if (answer !== undefined && "time" in answer) expect(answer.time).toBeGreaterThanOrEqual(EARLIEST);
			}),
		);
	});
});

describe("the SNTP client", () => {
	let clock: VirtualClock;
	let result: SntpResult | undefined;

	beforeEach(() => {
		FakeUdp.reset();
		clock = new VirtualClock();
		result = undefined;
	});

	function ask(...servers: readonly string[]): SntpQuery {
		const random = new SeededRandom(1);
		const resolver = new Resolver({ io: FakeUdp, servers: () => [], clock, random });
		const query = new SntpQuery({ io: FakeUdp, resolver, servers, earliest: EARLIEST, clock, random }, (given) => {
			result = given;
		});
		expect(result).toBeUndefined();
		clock.advance(0);
		return query;
	}

	function reply(index: number, time: number): void {
		const { query, address, port, socket } = FakeUdp.at(index);
		socket.receive(answerTime(query, time * 1_000) ?? new Uint8Array(0), address, port);
	}

	test("tells what the server says, and closes its socket", () => {
		ask("10.0.0.1");
		expect(FakeUdp.sent).toMatchObject([{ address: "10.0.0.1", port: 123 }]);
		reply(0, EARLIEST + 5);
		expect(result).toEqual({ time: EARLIEST + 5 });
		expect(FakeUdp.open).toBe(0);
		expect(clock.armed).toBe(0);
	});

	test("asks the next server when one is silent, wrong or nowhere, and says why at the end", () => {
		FakeUdp.unreachable = "10.0.0.2";
		ask("10.0.0.1", "10.0.0.2", "fe80::1", "10.0.0.3");
		clock.advance(10_000);
		expect(FakeUdp.sent.map(({ address }) => address)).toEqual(["10.0.0.1", "10.0.0.3"]);
		expect(result).toEqual({ failure: "the time is not known: no answer from the time server 10.0.0.3" });
		expect(FakeUdp.open).toBe(0);
	});

	test("believes nobody whom it did not ask", () => {
		ask("10.0.0.1");
		const { query, socket } = FakeUdp.at(0);
		const forged = answerTime(query, EARLIEST * 1_000) ?? new Uint8Array(0);
		socket.receive(forged, "10.0.0.9", 123);
		socket.receive(forged, "10.0.0.1", 124);
		expect(result).toBeUndefined();
	});

	test("that is cancelled says nothing and leaves nothing", () => {
		const query = ask("10.0.0.1");
		query.cancel();
		clock.advance(60_000);
		expect(result).toBeUndefined();
		expect(FakeUdp.open).toBe(0);
		expect(clock.armed).toBe(0);
	});

	test("without a server fails at once", () => {
		ask();
		expect(result).toEqual({ failure: "the time is not known: no time server is configured" });
	});
});

test("a connection that waits for the time says so, and then what the one below it waits for", () => {
	const waiting: ((failure: string | undefined) => void)[] = [];
	const keeper = { set: (done: (typeof waiting)[number]) => void waiting.push(done) } as unknown as TimeKeeper;
	const step = { phase: "tcp", message: "broker.test:8883 does not answer" } as const;
	const below = { write: () => false, close: () => undefined, overdue: () => step };
	const transport: Transport = { endpoint: "broker.test:8883", open: () => below };
	const connection = new TimedTransport(transport, keeper).open({} as TransportEvents);
	expect(connection.overdue?.()).toMatchObject({
		phase: "tls",
		message: expect.stringMatching(/the time.*UDP port 123/),
	});
	for (const done of waiting) done(undefined);
	expect(connection.overdue?.()).toBe(step);
});
