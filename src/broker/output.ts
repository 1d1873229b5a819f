/** Frames up to this size are copied together; longer ones are sent as they are. */
const SMALL = 1_024;
/** The DUP flag in the first byte of a PUBLISH. */
const DUP = 0x08;
const FIRST_BLOCK = 256;
const LAST_BLOCK = 16_384;

/**
 * What is to be sent to one connection, gathered into few chunks. Frames that lie next to each other in a received
 * buffer stay one view on it; other small ones are copied into blocks, which grow with the traffic, so that an idle
 * connection holds none.
 */
export class Output {
	#chunks: Uint8Array[] = [];
	#length = 0;
	/** The run: bytes of one buffer that are to be sent next, not yet a chunk. */
	#source: Uint8Array | undefined;
	#start = 0;
	#end = 0;
	#block: Uint8Array | undefined;
	#used = 0;
	#nextBlock = FIRST_BLOCK;

	/** Bytes gathered. */
	get length(): number {
		return this.#length;
	}

	/** Adds a packet. It may be a view on received bytes, and must not change until it is sent. */
	push(frame: Uint8Array): void {
		this.#length += frame.length;
		if (this.#isNext(frame)) {
			this.#end += frame.length;
			return;
		}
		this.#endRun();
		this.#source = frame;
		this.#start = frame.byteOffset;
		this.#end = frame.byteOffset + frame.length;
	}

	/** Adds a PUBLISH of QoS 1 or 2 with this message id; `frame` stays as it is. `again` sets DUP. */
	pushPublish(frame: Uint8Array, messageId: number, again: boolean): void {
		this.#length += frame.length;
		this.#endRun();
		const idAt = messageIdAt(frame);
		const isWhole = frame.length <= SMALL;
		const copyAt = this.#copy(isWhole ? frame : frame.subarray(0, idAt + 2));
		const block = this.#block as Uint8Array;
		if (again) block[copyAt] = (block[copyAt] as number) | DUP;
		block[copyAt + idAt] = messageId >> 8;
		block[copyAt + idAt + 1] = messageId & 0xff;
		if (!isWhole) this.#add(frame.subarray(idAt + 2));
	}

	/** Hands over what was gathered. */
	take(): Uint8Array[] {
		this.#endRun();
		this.#endBlock();
		const chunks = this.#chunks;
		if (this.#length < FIRST_BLOCK) this.#nextBlock = FIRST_BLOCK;
		this.#block = undefined;
		this.#chunks = [];
		this.#length = 0;
		return chunks;
	}

	/** Copies what are views on others' buffers, so that output which must wait does not keep those alive. */
	own(): void {
		const whole = new Uint8Array(this.#length);
		let at = 0;
		for (const chunk of this.take()) {
			whole.set(chunk, at);
			at += chunk.length;
		}
		if (at > 0) this.#chunks = [whole];
		this.#length = at;
	}

	#isNext(frame: Uint8Array): boolean {
		return frame.byteOffset === this.#end && this.#source !== undefined && frame.buffer === this.#source.buffer;
	}

	#endRun(): void {
		const source = this.#source;
		if (source === undefined) return;
		this.#source = undefined;
		const length = this.#end - this.#start;
		const run = length === source.length ? source : new Uint8Array(source.buffer, this.#start, length);
		if (length <= SMALL) this.#copy(run);
		else this.#add(run);
	}

	/** Copies into the block and returns where in it the copy is. */
	#copy(bytes: Uint8Array): number {
		let block = this.#block;
		if (block === undefined || this.#used + bytes.length > block.length) {
			this.#endBlock();
			block = new Uint8Array(Math.max(this.#nextBlock, bytes.length));
			this.#nextBlock = Math.min(this.#nextBlock * 2, LAST_BLOCK);
			this.#block = block;
		}
		block.set(bytes, this.#used);
		this.#used += bytes.length;
		return this.#used - bytes.length;
	}

	/** Adds a chunk after the block's; the rest of the block is used for what follows. */
	#add(chunk: Uint8Array): void {
		if (this.#block !== undefined) {
			const rest = this.#block.subarray(this.#used);
			this.#endBlock();
			this.#block = rest.length > 0 ? rest : undefined;
		}
		this.#chunks.push(chunk);
	}

	#endBlock(): void {
		if (this.#block !== undefined && this.#used > 0) this.#chunks.push(this.#block.subarray(0, this.#used));
		this.#block = undefined;
		this.#used = 0;
	}
}

/** Where the message id of an encoded PUBLISH of QoS 1 or 2 stands. */
function messageIdAt(frame: Uint8Array): number {
	let at = 1;
	while (((frame[at] as number) & 0x80) !== 0) at++;
	const topicLength = ((frame[at + 1] as number) << 8) | (frame[at + 2] as number);
	return at + 3 + topicLength;
}
