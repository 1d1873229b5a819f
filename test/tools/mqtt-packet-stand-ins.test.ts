import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as genuine from "mqtt-packet";
import { mqttPacketModule } from "../../tools/xs/bundle.ts";
import { type Request, request, version } from "./mqtt-packets.ts";

type MqttPacket = typeof genuine;
type Packet = genuine.Packet;

let folder: string;
let onStandIns: MqttPacket;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "motehub-"));
	const file = join(folder, "mqtt-packet.mjs");
	await mqttPacketModule(file);
	onStandIns = (await import(file)) as MqttPacket;
});

afterAll(() => rm(folder, { recursive: true }));

/** Node wraps an "error" that nobody listens to when it comes from another realm, as it does within Jest. */
const WRAPPED = /^Unhandled error\. \(Error: (.*)\n[\s\S]*$/;

/** What a library makes of a packet: its bytes, or its complaint. */
function generated(library: MqttPacket, { packet: value, protocolVersion }: Request): string {
	try {
		const own = withBuffersOf(library, value) as Packet;
		return Buffer.from(library.generate(own, { protocolVersion })).toString("hex");
	} catch (error) {
		return (error as Error).message.replace(WRAPPED, "$1");
	}
}

/** mqtt-packet takes binary fields as instances of its own Buffer. */
function withBuffersOf(library: MqttPacket, value: unknown): unknown {
	const itsBuffer = library.generate({ cmd: "pingreq" }).constructor as typeof Buffer;
	if (Buffer.isBuffer(value)) return itsBuffer.from(value);
	if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withBuffersOf(library, each)]));
}

/** Everything that a parser emits for these pieces, with binary fields as plain arrays. */
function parsed(library: MqttPacket, pieces: readonly Uint8Array[], protocolVersion: number): unknown[] {
	const events: unknown[] = [];
	const parser = library.parser({ protocolVersion });
	parser.on("packet", (value) => events.push(plain(value)));
	parser.on("error", (error: Error) => events.push(error.message));
	for (const piece of pieces) {
		try {
			parser.parse(Buffer.from(piece));
		} catch (error) {
			events.push((error as Error).name);
			break;
		}
	}
	return events;
}

function plain(value: unknown): unknown {
	if (value instanceof Uint8Array) return [...value];
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
	const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
	return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe("mqtt-packet on the stand-ins for XS", () => {
	test("writes what it writes on Node", () => {
		fc.assert(
			fc.property(request, (value) => {
				expect(generated(onStandIns, value)).toBe(generated(genuine, value));
			}),
			{ numRuns: 2_000 },
		);
	});

	test("reads what it reads on Node, however the bytes are cut", () => {
		fc.assert(
			fc.property(request, fc.array(fc.nat(200), { maxLength: 4 }), (value, places) => {
				const pieces = cut(Buffer.from(generated(genuine, value), "hex"), places);
				const read = (library: MqttPacket) => parsed(library, pieces, value.protocolVersion);
				expect(read(onStandIns)).toEqual(read(genuine));
			}),
			{ numRuns: 2_000 },
		);
	});

	test("refuses what it refuses on Node", () => {
		const damage = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 3 });
		fc.assert(
			fc.property(request, damage, version, (value, changes, readAs) => {
				const bytes = Buffer.from(generated(genuine, value), "hex");
				for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
				expect(parsed(onStandIns, [bytes], readAs)).toEqual(parsed(genuine, [bytes], readAs));
			}),
			{ numRuns: 4_000 },
		);
	});

	test("does not fill its number cache", () => {
		expect(onStandIns.writeToStream.cacheNumbers).toBe(false);
		expect(genuine.writeToStream.cacheNumbers).toBe(true);
	});
});
