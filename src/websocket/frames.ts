/** The frames of RFC 6455, as far as a client that sends and takes binary messages needs them. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Status codes of a close frame (section 7.4.1). */
export const CLOSE = {
	normal: 1_000,
	goingAway: 1_001,
	protocolError: 1_002,
	unsupported: 1_003,
	none: 1_005,
} as const;

const FIN = 0x80;
const RESERVED = 0x70;
const OPCODE_BITS = 0x0f;
const MASKED = 0x80;
const LENGTH_BITS = 0x7f;
const IN_16_BITS = 126;
const IN_64_BITS = 127;
const LONGEST_CONTROL = 125;
const FIRST_CONTROL = 8;
/** Above it, a length is no safe integer any more. */
const MOST_HIGH_BITS = 2 ** 21;

/** One whole frame, masked with these four bytes, as all of a client's must be. */
export function encodeFrame(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
	const { length } = payload;
	const lengthBytes = length < IN_16_BITS ? 0 : length < 0x10000 ? 2 : 8;
	const start = 2 + lengthBytes + 4;
	const frame = new Uint8Array(start + length);
	frame[0] = FIN | opcode;
	frame[1] = MASKED | (lengthBytes === 0 ? length : lengthBytes === 2 ? IN_16_BITS : IN_64_BITS);
	// Nothing that has a place in memory is longer than 32 bits say.
	for (let at = start - 5, left = length; at > 1 && lengthBytes > 0; at--, left = Math.floor(left / 256))
		frame[at] = left % 256;
	frame.set(mask, start - 4);
	for (let at = 0; at < length; at++) frame[start + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
	return frame;
}

/** What is told of the frames that arrive. */
export interface FrameHandler {
	/** A piece of a binary message, as a view. */
	data(bytes: Uint8Array): void;
	ping(payload: Uint8Array): void;
	/** The last frame of all. */
	closing(code: number, reason: Uint8Array): void;
}

/** Why the peer's frames cannot be read on. */
export interface FrameFault {
	readonly code: number;
	readonly message: string;
}

/** Takes bytes of any cut. Payloads of messages are passed on as they come and never held. */
export class FrameReader {
	readonly #handler: FrameHandler;
	readonly #header = new Uint8Array(10);
	#headerLength = 0;
	#headerNeeds = 2;
	#opcode: number = OPCODE.continuation;
	#left = 0;
	#isInPayload = false;
	#isInMessage = false;
	#control = new Uint8Array(0);
	#isClosed = false;

	constructor(handler: FrameHandler) {
		this.#handler = handler;
	}

	/** Undefined: all is well. After a fault, or after the close frame, nothing more is read. */
	push(bytes: Uint8Array): FrameFault | undefined {
		let at = 0;
		while (at < bytes.length && !this.#isClosed) {
			if (this.#isInPayload) {
				at += this.payload(bytes.subarray(at));
				continue;
			}
			this.#header[this.#headerLength++] = bytes[at++] ?? 0;
			if (this.#headerLength < this.#headerNeeds) continue;
			const fault = this.headerRead();
			if (fault !== undefined) return fault;
		}
		return undefined;
	}

	/** A header is complete, or turns out to be longer. */
	private headerRead(): FrameFault | undefined {
		const [first = 0, second = 0] = this.#header;
		if (this.#headerLength === 2) {
			const fault = this.begin(first, second);
			if (fault !== undefined) return fault;
			const short = second & LENGTH_BITS;
			this.#headerNeeds = short === IN_16_BITS ? 4 : short === IN_64_BITS ? 10 : 2;
			if (this.#headerNeeds > 2) return undefined;
		}
		const length = this.length();
		if (length === undefined) return protocolFault("a frame's length is out of range");
		this.enterPayload(length);
		return undefined;
	}

	private begin(first: number, second: number): FrameFault | undefined {
		const opcode = first & OPCODE_BITS;
		const isFinal = (first & FIN) !== 0;
		if ((first & RESERVED) !== 0) return protocolFault("a frame has reserved bits");
		if ((second & MASKED) !== 0) return protocolFault("a frame is masked, which only a client's are");
		if (opcode >= FIRST_CONTROL) return this.beginControl(opcode, isFinal, second & LENGTH_BITS);
		if (opcode === OPCODE.text)
			return { code: CLOSE.unsupported, message: "a text message came, and MQTT is binary [MQTT-6.0.0-1]" };
		if (opcode > OPCODE.binary) return protocolFault(`a frame has the unknown opcode ${opcode}`);
		if ((opcode === OPCODE.continuation) !== this.#isInMessage)
			return protocolFault("a message is fragmented in the wrong order");
		this.#isInMessage = !isFinal;
		this.#opcode = OPCODE.binary;
		return undefined;
	}

	private beginControl(opcode: number, isFinal: boolean, length: number): FrameFault | undefined {
		if (opcode > OPCODE.pong) return protocolFault(`a frame has the unknown opcode ${opcode}`);
		if (!isFinal || length > LONGEST_CONTROL) return protocolFault("a control frame is too long, or fragmented");
		this.#opcode = opcode;
		return undefined;
	}

	private length(): number | undefined {
		const view = new DataView(this.#header.buffer);
		if (this.#headerNeeds === 2) return view.getUint8(1) & LENGTH_BITS;
		if (this.#headerNeeds === 4) return view.getUint16(2);
		const high = view.getUint32(2);
		return high < MOST_HIGH_BITS ? high * 2 ** 32 + view.getUint32(6) : undefined;
	}

	private enterPayload(length: number): void {
		this.#headerLength = 0;
		this.#headerNeeds = 2;
		this.#left = length;
		this.#isInPayload = length > 0;
		if (this.#opcode >= FIRST_CONTROL) this.#control = new Uint8Array(length);
		if (length === 0) this.frameRead();
	}

	/** How many of the bytes belong to this frame. */
	private payload(bytes: Uint8Array): number {
		const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
		if (this.#opcode >= FIRST_CONTROL) this.#control.set(part, this.#control.length - this.#left);
		else this.#handler.data(part);
		this.#left -= part.length;
		this.#isInPayload = this.#left > 0;
		if (!this.#isInPayload) this.frameRead();
		return part.length;
	}

	private frameRead(): void {
		const payload = this.#control;
		if (this.#opcode === OPCODE.ping) this.#handler.ping(payload);
		if (this.#opcode !== OPCODE.close) return;
		this.#isClosed = true;
		const code = payload.length < 2 ? CLOSE.none : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
		this.#handler.closing(code, payload.subarray(2));
	}
}

function protocolFault(message: string): FrameFault {
	return { code: CLOSE.protocolError, message };
}
