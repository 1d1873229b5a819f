import mqttPacket, { type Parsed } from "mqtt-packet";
import type { ProtocolVersion } from "./packets.ts";
import type { Reader } from "./reader.ts";

/**
 * Parses one whole packet with mqtt-packet. It lets much pass that the specification forbids and knows no reason codes,
 * so the caller has checked the packet from its first byte to its last before. Byte fields are Buffers on the bytes
 * given: copy them.
 */
export function parseWithMqttPacket<P extends Parsed>(frame: Uint8Array, version: ProtocolVersion, reader: Reader): P {
	let parsed: Parsed | undefined;
	let refusal = "it is incomplete";
	const parser = mqttPacket.parser({ protocolVersion: version });
	parser.on("packet", (packet) => {
		parsed = packet;
	});
	parser.on("error", (error) => {
		refusal = error.message;
	});
	parser.parse(frame);
	if (parsed === undefined) throw reader.malformed(refusal);
	return parsed as P;
}
