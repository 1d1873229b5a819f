import mqttPacket, { type Sink } from "mqtt-packet";
import { UsageError } from "./errors.ts";
import type { ProtocolVersion } from "./packets.ts";
import { encodeProperties } from "./property-writer.ts";
import { encodeUtf8 } from "./utf8.ts";
import { Writer } from "./writer.ts";

/** mqtt-packet writes the first byte, then the remaining length, then the body in any pieces. */
const HEADER_PIECES = 2;

class BodySink implements Sink {
	readonly body = new Writer();
	failure: Error | undefined;
	#pieces = 0;

	get complete(): boolean {
		return this.#pieces >= HEADER_PIECES;
	}

	write(piece: string | Uint8Array): boolean {
		if (this.#pieces++ >= HEADER_PIECES) this.body.raw(typeof piece === "string" ? encodeUtf8(piece) : piece);
		return true;
	}

	destroy(error: Error): void {
		this.failure ??= error;
	}
}

/** The body of a packet, written by mqtt-packet. The caller has checked the packet; what is refused here is a UsageError. */
export function bodyByMqttPacket(packet: object, version: ProtocolVersion): Uint8Array {
	// Done here and not above, because a module that XS preloads must not change another one. On a device it is off already,
	// and in flash, where setting it again would throw.
	if (mqttPacket.writeToStream.cacheNumbers) mqttPacket.writeToStream.cacheNumbers = false;
	const sink = new BodySink();
	mqttPacket.writeToStream(packet, sink, { protocolVersion: version });
	if (sink.failure !== undefined) throw new UsageError(sink.failure.message, { cause: sink.failure });
	if (!sink.complete) throw new UsageError("The packet cannot be encoded.");
	return sink.body.written;
}

/**
 * Properties as mqtt-packet writes them. Throws UsageError for what the packet cannot have: it checks little. Without
 * empty user properties, over which it fails silently; before version 5, there are none.
 */
export function propertiesForMqttPacket(properties: object | undefined, of: number, version: ProtocolVersion): object {
	if (version !== 5 || properties === undefined) return {};
	encodeProperties(properties, of);
	const { userProperties, userPropertyOrder: _, ...others } = properties as Readonly<Record<string, unknown>>;
	const some = userProperties !== undefined && encodeProperties({ userProperties }, of).length > 0;
	return some ? { ...others, userProperties } : others;
}
