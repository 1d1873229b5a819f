import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as ofDevices from "../../src/codec/client.ts";
import type { Packet } from "../../src/codec/index.ts";
import * as sources from "../../src/codec/index.ts";
import { asModule } from "../../tools/device/mqtt-packet-module.ts";
import * as constants from "../../tools/device/stand-ins/constants.ts";
import { anyCase, type Case } from "../property/codec-arbitraries.ts";
import { canonical } from "../property/codec-canonical.ts";

type Codec = typeof import("../../src/codec/client.ts");

/** What `npm run build` has made for devices. Plain JavaScript: Node runs it as well. */
const BUNDLE = new URL("../../dist/moddable/library/src/codec/index.js", import.meta.url);

const PARTS = JSON.parse(readFileSync(new URL("../../dist/device/parts.json", import.meta.url), "utf8")) as Readonly<
	Record<string, object>
>;
const GENUINE = createRequire(import.meta.url)("mqtt-packet/constants.js") as Readonly<Record<string, unknown>>;

let bundled: Codec;

beforeAll(async () => {
	bundled = (await import(BUNDLE.href)) as Codec;
});

/** What a client writes of the packet; undefined for what it never writes. */
function written(codec: Codec, { packet, version }: Pick<Case, "packet" | "version">): Uint8Array | undefined {
	switch (packet.cmd) {
		case "connect":
			return codec.encodeConnect(packet, version);
		case "subscribe":
		case "unsubscribe":
			return codec.encodeSubscription(packet, version);
		case "publish":
			return codec.encodePublish(packet, packet.payload, version);
		case "disconnect":
			return codec.encodeDisconnect(packet, version);
		default:
			return undefined;
	}
}

/** Values that no field may have, by the field's name in a packet, its will or its first subscription. */
const DAMAGES: readonly (readonly [field: string, value: unknown])[] = [
	...["clientId", "username", "topic", "protocolId"].map((name) => [name, 7] as const),
	...["clientId", "username", "topic"].flatMap((name) =>
		["\ud800", "x".repeat(65_536), "\0"].map((text) => [name, text] as const),
	),
	...["messageId", "keepalive", "qos"].flatMap((name) =>
		[-1, 0.5, 65_536, "1"].map((number) => [name, number] as const),
	),
	...["", "MQTT", "MQIsdp"].flatMap((text) => ["protocolId", "clientId", "topic"].map((name) => [name, text] as const)),
	...["password", "payload"].flatMap((name) => [new Uint8Array(65_536), "text"].map((bytes) => [name, bytes] as const)),
	["messageId", undefined],
	["protocolVersion", 6],
	["rh", 3],
	["subscriptions", []],
	["unsubscriptions", []],
	["unsubscriptions", [7]],
	["username", undefined],
	["clean", false],
];

const byMqttPacket = anyCase.filter(({ packet }) => /^connect$|subscribe$/.test(packet.cmd));

function damaged(packet: Packet, field: string, value: unknown): Packet {
	const change = <T extends object>(part: T): T => (field in part ? { ...part, [field]: value } : part);
	const changed: Packet & { subscriptions?: unknown; will?: object } = change(packet);
	if (changed.will !== undefined) Object.assign(changed, { will: change(changed.will) });
	const { subscriptions } = changed;
	if (Array.isArray(subscriptions)) Object.assign(changed, { subscriptions: subscriptions.map(change) });
	return changed;
}

/** The bytes that are written, or why they are not. */
function outcomeOf(codec: Codec, given: Pick<Case, "packet" | "version">): Uint8Array | string | undefined {
	try {
		return written(codec, given);
	} catch (error) {
		const { name, message } = error as Error;
		return error instanceof codec.UsageError ? message : name;
	}
}

/** What a client reads in the bytes, or the complaint. */
function read({ Decoder, CLIENT, ProtocolError }: Codec, bytes: Uint8Array, version: Case["version"]): string {
	const decoder = new Decoder({ role: CLIENT, maxPacket: 100_000 });
	decoder.version = version;
	decoder.push(bytes);
	try {
		return canonical(decoder.next());
	} catch (error) {
		if (!(error instanceof ProtocolError)) throw error;
		return `${error.reasonCode} ${error.message}`;
	}
}

describe("the codec as it is bundled for devices", () => {
	test("writes what its sources write", () => {
		const kinds = new Set<string>();
		fc.assert(
			fc.property(anyCase, (given) => {
				const expected = written(sources, given);
				if (expected === undefined) return;
				kinds.add(given.packet.cmd);
				expect(written(bundled, given)).toEqual(expected);
			}),
			{ numRuns: 3_000 },
		);
		expect(kinds.size).toBe(5);
	});

	test("refuses to write what its sources refuse, in the same words", () => {
		const complaints = new Set<string>();
		fc.assert(
			fc.property(byMqttPacket, fc.constantFrom(...DAMAGES), ({ packet, version }, [field, value]) => {
				const outcome = outcomeOf(sources, { packet: damaged(packet, field, value), version });
				if (typeof outcome === "string") complaints.add(outcome);
				expect(outcomeOf(bundled, { packet: damaged(packet, field, value), version })).toEqual(outcome);
			}),
			{ numRuns: 1_000 },
		);
		expect(complaints.size).toBeGreaterThan(15);
	});

	test("reads what its sources read, and refuses what they refuse", () => {
		fc.assert(
			fc.property(anyCase, ({ packet, version }) => {
				const bytes = sources.encode(packet, version);
				expect(read(bundled, bytes, version)).toBe(read(ofDevices, bytes, version));
			}),
			{ numRuns: 3_000 },
		);
	});

	test("refuses AUTH, which its client never asks for", () => {
		const auth = sources.encode({ cmd: "auth", reasonCode: 0 }, 5);
		expect(read(bundled, auth, 5)).toBe("130 AUTH: a server that was not asked to may not send it.");
		expect(read(sources, auth, 5)).toBe(canonical({ cmd: "auth", reasonCode: 0 }));
	});

	test("has nothing of the server's side", () => {
		const sources = Object.values(PARTS).flatMap((module) => Object.keys(module));
		expect(sources).toContain("src/codec/connack-reader.ts");
		const isServers =
			/^src\/(broker|codec\/(auth-reader|connect-reader|subscribe-reader|connack-writer|suback-writer|server-role))/;
		expect(sources.filter((source) => isServers.test(source))).toEqual([]);
		expect(bundled).not.toHaveProperty("SERVER");
	});
});

describe("mqtt-packet's constants for a device", () => {
	test.each(Object.entries(constants))("%s is as the library has it", (name, value) => {
		expect(value).toBe(GENUINE[name]);
	});
});

describe("mqtt-packet's writer of another version", () => {
	const name = "writeToStream.js";
	const path = createRequire(import.meta.url).resolve(`mqtt-packet/${name}`);
	const code = readFileSync(path, "utf8");

	test("is taken as it is now", () => {
		expect(asModule(code, name)).toContain("export default function writeToStream");
	});

	test.each([
		["function subscribe (", "function writeSubscribe ("],
		["Object.defineProperty(generate, 'cacheNumbers', ", "Object.assign(generate, "],
		["function writeNumberGenerated (", "const writeNumberGenerated = ("],
		["let writeNumber = ", "const writeNumber = "],
		["module.exports = generate", "module.exports.generate = generate"],
		["require('debug')", "await require('debug')"],
	])("is refused when it says no longer %j", (part, instead) => {
		expect(code).toContain(part);
		expect(() => asModule(code.replace(part, instead), name)).toThrow("is not written as it was");
	});
});
