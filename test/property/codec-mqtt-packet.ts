// biome-ignore lint/style/noRestrictedImports: it is what the codec is compared with, and it runs on XS as part of it.
import mqttPacket from "mqtt-packet";
import type { Packet, ProtocolVersion } from "../../src/codec/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What mqtt-packet reads in one packet, in our shape. Throws what it refuses with. */
export function parsedByMqttPacket(bytes: Uint8Array, version: ProtocolVersion): Fields {
	let parsed: Fields | undefined;
	const parser = mqttPacket.parser({ protocolVersion: version });
	parser.on("packet", (packet) => {
		parsed = packet as unknown as Fields;
	});
	parser.on("error", (error: Error) => {
		throw error;
	});
	const left = parser.parse(bytes as Parameters<typeof parser.parse>[0]);
	if (parsed === undefined || left !== 0) throw new Error(`mqtt-packet leaves ${left} bytes`);
	return inOurShape(parsed, version);
}

/** Fields that mqtt-packet gives every packet, whether they mean something or not. */
const ALWAYS = ["cmd", "retain", "qos", "dup", "length", "topic", "payload"];

function inOurShape(packet: Fields, version: ProtocolVersion): Fields {
	const entries = Object.entries(packet).filter(([key]) => packet.cmd === "publish" || !ALWAYS.includes(key));
	const { length: _, returnCode, ...fields } = Object.fromEntries(entries);
	const { cmd } = packet;
	if (cmd === "unsuback" && version !== 5) return { cmd, granted: [], ...fields };
	if (cmd === "connack" && version !== 5) return { cmd, reasonCode: returnCode, ...fields };
	if (cmd === "publish") return { ...fields, properties: publishProperties(packet.properties as Fields | undefined) };
	return hasReason(cmd) && version !== 5 ? { cmd, reasonCode: 0, ...fields } : { cmd, ...fields };
}

function hasReason(cmd: unknown): boolean {
	return cmd === "puback" || cmd === "pubrec" || cmd === "pubrel" || cmd === "pubcomp" || cmd === "disconnect";
}

/** One subscription identifier is a number there, and an array here. */
function publishProperties(properties: Fields | undefined): Fields | undefined {
	const id = properties?.subscriptionIdentifier;
	return typeof id === "number" ? { ...properties, subscriptionIdentifier: [id] } : properties;
}

/** The bytes that mqtt-packet makes of a packet. Throws what it refuses with. */
export function generatedByMqttPacket(packet: Packet, version: ProtocolVersion): Uint8Array {
	mqttPacket.writeToStream.cacheNumbers = false;
	const given = packet.cmd === "connack" ? { ...packet, returnCode: packet.reasonCode } : packet;
	const bytes = mqttPacket.generate(buffered(given) as never, { protocolVersion: version }) as unknown as Uint8Array;
	return new Uint8Array(bytes);
}

interface BufferMaker {
	from(bytes: Uint8Array): Uint8Array;
}

/** The Buffer of mqtt-packet, Node's or its stand-in on XS: tests know none themselves. */
const Buffers: BufferMaker = (mqttPacket.generate({ cmd: "pingreq" }) as object).constructor as never;

/** The same with Buffers for Uint8Arrays. */
function buffered(value: unknown): unknown {
	if (value instanceof Uint8Array) return Buffers.from(value);
	if (Array.isArray(value)) return value.map(buffered);
	if (typeof value !== "object" || value === null) return value;
	const copy = Object.create(null) as Record<string, unknown>;
	for (const [key, field] of Object.entries(value)) if (field !== undefined) copy[key] = buffered(field);
	return copy;
}
