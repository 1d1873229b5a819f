import { Decoder, type DecoderOptions } from "./decoder.ts";
import { UsageError } from "./errors.ts";
import { NOTHING } from "./nothing.ts";
import type { DecodedPacket } from "./packets.ts";
import { UNCONNECTED } from "./server-role.ts";

/** A decoder for what a client sends from its CONNECT on, which must come first [MQTT-3.1.0-1], and says the version. */
export class ServerDecoder extends Decoder {
	/** Where the last packet is, if it was a PUBLISH as a whole. */
	#frame: Uint8Array = NOTHING;
	#frameStart = 0;
	#frameEnd = 0;

	/** Throws UsageError for limits under which no packet fits. */
	constructor(options: Omit<DecoderOptions, "role">) {
		super({ ...options, role: UNCONNECTED });
	}

	/**
	 * All bytes of the PUBLISH that `next` has just returned as a whole, as a view. Forwarded unchanged, they keep what
	 * must be kept: payload, and user properties in their order [MQTT-3.3.2-17], [MQTT-3.3.2-18].
	 */
	get frame(): Uint8Array {
		if (this.#frame === NOTHING) throw new UsageError("There is no frame: the last packet was no PUBLISH as a whole.");
		return this.#frame.subarray(this.#frameStart, this.#frameEnd);
	}

	protected override read(bytes: Uint8Array, start: number, end: number): DecodedPacket {
		const packet = super.read(bytes, start, end);
		if (packet.cmd === "publish") {
			this.#frame = bytes;
			this.#frameStart = start;
			this.#frameEnd = end;
		} else this.#frame = NOTHING;
		return packet;
	}

	protected override release(): undefined {
		this.#frame = NOTHING;
		super.release();
	}
}
