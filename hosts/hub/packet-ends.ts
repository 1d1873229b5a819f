type State = "start" | "length" | "body";

/** Follows a stream of MQTT packets through chunks of any cut, and tells where the packets end. */
export class PacketEnds {
	#state: State = "start";
	/** Bytes of the packet that are still to come, as far as its length has been read. */
	#remaining = 0;
	#factor = 1;

	/** Where the packet ends that begins or goes on at `at`; the chunk's end if it goes on in the next one. */
	next(chunk: Uint8Array, at: number): number {
		let end = at;
		if (this.#state === "start") {
			end += 1;
			this.#state = "length";
			this.#remaining = 0;
			this.#factor = 1;
		}
		end = this.#readLength(chunk, end);
		if (this.#state !== "body") return end;
		const step = Math.min(this.#remaining, chunk.length - end);
		this.#remaining -= step;
		if (this.#remaining === 0) this.#state = "start";
		return end + step;
	}

	#readLength(chunk: Uint8Array, at: number): number {
		let end = at;
		while (this.#state === "length" && end < chunk.length) {
			const byte = chunk[end] ?? 0;
			this.#remaining += (byte & 0x7f) * this.#factor;
			this.#factor *= 0x80;
			if (byte < 0x80) this.#state = "body";
			end += 1;
		}
		return end;
	}
}
