import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Resolution, Resolver } from "../../hosts/device/dns/resolver.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { FakeUdp } from "./support/fake-udp.ts";

/** The answer to a query, with A records for 10.0.0.1 and up. */
function answerTo(query: Uint8Array, addresses: number, rcode = 0): Uint8Array {
	const head = Uint8Array.from(query);
	head.set([0x81, 0x80 | rcode], 2);
	head[7] = addresses;
	const records = Array.from({ length: addresses }, (_, index) => [
		0xc0,
		12,
		0,
		1,
		0,
		1,
		0,
		0,
		0,
		9,
		0,
		4,
		10,
		0,
		0,
		index + 1,
	]);
	return Uint8Array.from([...head, ...records.flat()]);
}

describe("the device's resolver", () => {
	let clock: VirtualClock;
	let servers: string[];
	let result: Resolution | undefined;

	beforeEach(() => {
		FakeUdp.reset();
		clock = new VirtualClock();
		servers = ["10.0.0.53", "10.0.1.53"];
		result = undefined;
	});

	function resolve(host: string): { cancel(): void } {
		const random = new SeededRandom(7);
		const lookup = new Resolver({ io: FakeUdp, servers: () => servers, clock, random }).resolve(host, (resolution) => {
			expect(result).toBeUndefined();
			result = resolution;
		});
		expect(result).toBeUndefined();
		clock.advance(0);
		return lookup;
	}

	function finished(): void {
		expect(FakeUdp.open).toBe(0);
		expect(clock.armed).toBe(0);
	}

	test.each([
		["192.168.0.10", "192.168.0.10"],
		["localhost", "127.0.0.1"],
	])("knows %s without asking", (host, address) => {
		resolve(host);
		expect(result).toEqual({ addresses: [address] });
		expect(FakeUdp.sent).toEqual([]);
		finished();
	});

	test("gives all addresses that the first name server knows", () => {
		resolve("broker.example.org");
		const { query, address, port, socket } = FakeUdp.at(0);
		expect([address, port]).toEqual(["10.0.0.53", 53]);
		socket.receive(answerTo(query, 3), "10.0.0.53", 53);
		expect(result).toEqual({ addresses: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] });
		finished();
	});

	test("keeps no more than 8 addresses", () => {
		resolve("broker.example.org");
		FakeUdp.at(0).socket.receive(answerTo(FakeUdp.at(0).query, 20), "10.0.0.53", 53);
		expect(result).toMatchObject({ addresses: { length: 8 } });
	});

	test("asks each server twice, in turn, before it gives up, within the client's 10 s", () => {
		resolve("broker.example.org");
		clock.advance(9_999);
		expect(FakeUdp.sent.map(({ address }) => address)).toEqual(["10.0.0.53", "10.0.1.53", "10.0.0.53", "10.0.1.53"]);
		expect(result).toEqual({ failure: "broker.example.org was not found: no answer from 10.0.0.53, 10.0.1.53" });
		finished();
	});

	test("takes a late answer of an earlier server", () => {
		resolve("broker.example.org");
		clock.advance(3_000);
		FakeUdp.at(0).socket.receive(answerTo(FakeUdp.at(0).query, 1), "10.0.0.53", 53);
		expect(result).toEqual({ addresses: ["10.0.0.1"] });
		finished();
	});

	test("believes nobody but the servers it asked, and only answers to its question", () => {
		resolve("broker.example.org");
		const { query, socket } = FakeUdp.at(0);
		const wrongId = answerTo(query, 1).map((byte, index) => (index === 0 ? byte ^ 0xff : byte));
		socket.receive(answerTo(query, 1), "10.6.6.6", 53);
		socket.receive(answerTo(query, 1), "10.0.0.53", 5353);
		socket.receive(wrongId, "10.0.0.53", 53);
		socket.receive(new Uint8Array(3), "10.0.0.53", 53);
		expect(result).toBeUndefined();
		socket.receive(answerTo(query, 1), "10.0.0.53", 53);
		expect(result).toEqual({ addresses: ["10.0.0.1"] });
	});

	test("asks the next server at once when one fails, and not at all once a name is known not to exist", () => {
		resolve("broker.example.org");
		FakeUdp.at(0).socket.receive(answerTo(FakeUdp.at(0).query, 0, 2), "10.0.0.53", 53);
		expect(FakeUdp.sent).toHaveLength(2);
		FakeUdp.at(1).socket.receive(answerTo(FakeUdp.at(1).query, 0, 3), "10.0.1.53", 53);
		expect(result).toEqual({ failure: "broker.example.org does not exist, or has no IPv4 address" });
		finished();
	});

	test("goes on when there is no way to a server", () => {
		FakeUdp.unreachable = "10.0.0.53";
		resolve("broker.example.org");
		clock.advance(2_000);
		FakeUdp.at(0).socket.receive(answerTo(FakeUdp.at(0).query, 1), "10.0.1.53", 53);
		expect(result).toEqual({ addresses: ["10.0.0.1"] });
		finished();
	});

	test("looks names in .local up by multicast, where everyone may answer", () => {
		resolve("hub.local");
		const { query, address, port, socket } = FakeUdp.at(0);
		expect([address, port]).toEqual(["224.0.0.251", 5353]);
		expect([query[0], query[1]]).toEqual([0, 0]);
		socket.receive(answerTo(query, 1), "192.168.1.20", 1234);
		expect(result).toBeUndefined();
		socket.receive(answerTo(query, 1), "192.168.1.20", 5353);
		expect(result).toEqual({ addresses: ["10.0.0.1"] });
		finished();
	});

	test("draws the query's id", () => {
		resolve("a.example.org");
		resolve("b.example.org");
		expect(Buffer.from(FakeUdp.at(0).query).readUInt16BE(0)).toBe(Math.floor(new SeededRandom(7).next() * 0x10000));
	});

	test.each([
		["::1", "::1 is an IPv6 address, and the device speaks IPv4 only"],
		["a b", "a b is neither a host name nor an IPv4 address"],
	])("says what is wrong with %j", (host, failure) => {
		resolve(host);
		expect(result).toEqual({ failure });
		finished();
	});

	test("says that the network names no server", () => {
		servers = [];
		resolve("broker.example.org");
		expect(result).toEqual({
			failure: "broker.example.org cannot be looked up: the network names no DNS server",
		});
	});

	test.each([0, 1])("leaves nothing behind when it is cancelled after %s ms, and says nothing", (after) => {
		const lookup = resolve("broker.example.org");
		clock.advance(after);
		lookup.cancel();
		clock.advance(60_000);
		expect(result).toBeUndefined();
		finished();
	});
});
