import writeToStream, { type Sink } from "mqtt-packet/writeToStream.js";
import { UsageError } from "./errors.ts";
import { frameOf } from "./frame-writer.ts";
import type { ProtocolVersion } from "./packets.ts";
import { writeProperties } from "./property-writer.ts";
import { encodeUtf8 } from "./utf8.ts";
import { Writer } from "./writer.ts";

/** mqtt-packet writes the first byte, then the remaining length, then the body in any pieces. */
const HEADER_PIECES = 2;

class BodySink implements Sink {
	readonly body = new Writer();
	pieces = 0;

	write(piece: string | Uint8Array): boolean {
		if (this.pieces++ >= HEADER_PIECES) this.body.raw(typeof piece === "string" ? encodeUtf8(piece) : piece);
		return true;
	}

	destroy(error: Error): never {
		throw new UsageError(error.message, { cause: error });
	}
}

/**
 * The body of a packet `withoutProperties`, written by mqtt-packet: in version 5, an empty property length is in their place.
 * The caller has checked the packet; what is refused here is a UsageError.
 */
export function bodyByMqttPacket(packet: object, version: ProtocolVersion): Uint8Array {
	// Done here and not above, because a module that XS preloads must not change another one. On a device it is off already,
	// and in flash, where setting it again would throw.
	if (writeToStream.cacheNumbers) writeToStream.cacheNumbers = false;
	const sink = new BodySink();
	writeToStream(packet, sink, { protocolVersion: version });
	return sink.body.written;
}

/** A packet or will as mqtt-packet gets it. */
export function withoutProperties(packet: { readonly properties?: object }): object {
	return packet.properties === undefined ? packet : { ...packet, properties: undefined };
}

/** A body with `properties` in the place of the empty property length at `at`. Before version 5 there are none. */
export function insertProperties(
	body: Uint8Array,
	at: number,
	properties: object | undefined,
	of: number,
	version: ProtocolVersion,
): Uint8Array {
	if (version !== 5 || properties === undefined) return body;
	const writer = new Writer();
	writer.raw(body.subarray(0, at));
	writeProperties(writer, properties, of);
	writer.raw(body.subarray(at + 1));
	return writer.written;
}

/** A packet whose properties follow two bytes: packet identifier, or flags and code of a CONNACK. */
export function frameByMqttPacket(
	first: number,
	packet: { readonly properties?: object },
	version: ProtocolVersion,
): Uint8Array {
	const body = bodyByMqttPacket(withoutProperties(packet), version);
	return frameOf(first, insertProperties(body, 2, packet.properties, first >> 4, version));
}
