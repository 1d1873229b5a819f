import { ALERT } from "./alerts.ts";
import { joined } from "./joined.ts";
import { TlsError } from "./tls-error.ts";

/** HandshakeType (RFC 5246 section 7.4) of what a server may send. */
export const HANDSHAKE = {
	helloRequest: 0,
	serverHello: 2,
	certificate: 11,
	serverKeyExchange: 12,
	certificateRequest: 13,
	serverHelloDone: 14,
	finished: 20,
} as const;

const HEADER = 4;
/** Octets of one message: a chain of eight certificates of 2 KB. */
const MAX_MESSAGE = 16_384;

/** Octets of records that may wait to be taken up while there are more to read: a flight with two ECDSA certificates. */
const MAX_WAITING = 4_096;

/** What may come after each message of a full handshake with an authenticated server (RFC 5246 section 7.3). */
const NEXT: Readonly<Record<number, readonly number[]>> = {
	[HANDSHAKE.helloRequest]: [HANDSHAKE.serverHello],
	[HANDSHAKE.serverHello]: [HANDSHAKE.certificate],
	[HANDSHAKE.certificate]: [HANDSHAKE.serverKeyExchange],
	[HANDSHAKE.serverKeyExchange]: [HANDSHAKE.certificateRequest, HANDSHAKE.serverHelloDone],
	[HANDSHAKE.certificateRequest]: [HANDSHAKE.serverHelloDone],
	[HANDSHAKE.serverHelloDone]: [HANDSHAKE.finished],
	[HANDSHAKE.finished]: [],
};

/** Takes what a server may send in records of the types handshake and ChangeCipherSpec. Both throw TlsError. */
export interface HandshakeInput {
	/** A record's content. */
	push(fragment: Uint8Array): void;
	changeKeys(): void;
}

/**
 * After the handshake: a request for another one is passed over, as RFC 5246 section 7.4.1.1 allows. It lies in flash,
 * so that the reader of a connection's handshake need not stay in RAM.
 */
export const AFTER_HANDSHAKE: HandshakeInput = {
	push(fragment) {
		if (fragment.length % HEADER !== 0 || fragment.some((octet) => octet !== 0)) refuseAfterHandshake();
	},
	changeKeys: refuseAfterHandshake,
};

function refuseAfterHandshake(): never {
	throw new TlsError("the server wants another handshake", ALERT.unexpectedMessage);
}

/** Puts the handshake's messages together out of records, and sees to their order and size. */
export class HandshakeReader implements HandshakeInput {
	#last: number = HANDSHAKE.helloRequest;
	/** The beginning of a message, in a buffer for all of it; less than a header is as long as it is. */
	#held: Uint8Array | undefined;
	/** Octets of that. */
	#heldOctets = 0;
	readonly #whole: Uint8Array[] = [];
	/** Octets of the records that hold what waits. */
	#waiting = 0;
	#hasNewKeys = false;

	/** The server has said all that it may. */
	get isFinished(): boolean {
		return this.#last === HANDSHAKE.finished;
	}

	/** What waits is to be taken up before more is read: it is enough, or all that may come before our answer or at all. */
	get isFull(): boolean {
		return this.#waiting > MAX_WAITING || this.#last === HANDSHAKE.serverHelloDone || this.isFinished;
	}

	/** No whole message waits. */
	get isEmpty(): boolean {
		return this.#whole.length === 0;
	}

	/**
	 * The server's ChangeCipherSpec (RFC 5246 section 7.1): once, after all else that is not encrypted. Throws TlsError.
	 */
	changeKeys(): void {
		if (this.#hasNewKeys || this.#last !== HANDSHAKE.serverHelloDone || this.#held) {
			throw new TlsError(`new keys after handshake message ${this.#last}`, ALERT.unexpectedMessage);
		}
		this.#hasNewKeys = true;
	}

	/** Takes a record's content. Throws TlsError. */
	push(fragment: Uint8Array): void {
		this.#waiting += fragment.length;
		const bytes = this.#held ? this.complete(this.#held, fragment) : fragment;
		let at = 0;
		for (let end = messageEnd(bytes, at); end <= bytes.length; end = messageEnd(bytes, at)) {
			this.take(bytes.subarray(at, end));
			at = end;
		}
		if (at < bytes.length) this.hold(bytes.subarray(at));
	}

	/** The next whole message, header included. */
	next(): Uint8Array | undefined {
		const message = this.#whole.shift();
		if (this.isEmpty) this.#waiting = this.#held ? this.#heldOctets : 0;
		return message;
	}

	/** Puts to what is held what belongs to it. Returns what is left of the fragment. */
	private complete(held: Uint8Array, fragment: Uint8Array): Uint8Array {
		this.#held = undefined;
		if (held.length < HEADER) return joined(held, fragment);
		const part = fragment.subarray(0, held.length - this.#heldOctets);
		held.set(part, this.#heldOctets);
		this.#heldOctets += part.length;
		if (this.#heldOctets === held.length) this.take(held);
		else this.#held = held;
		return fragment.subarray(part.length);
	}

	private hold(start: Uint8Array): void {
		const isHeader = start.length >= HEADER;
		this.#held = new Uint8Array(isHeader ? messageEnd(start, 0) : start.length);
		this.#held.set(start);
		this.#heldOctets = start.length;
	}

	private take(message: Uint8Array): void {
		const type = message[0] ?? -1;
		// RFC 5246 section 7.4.1.1: it may come at any time, and a client may ignore it. It is left out of the digest.
		if (type === HANDSHAKE.helloRequest && message.length === HEADER) return;
		if (!NEXT[this.#last]?.includes(type) || (type === HANDSHAKE.finished && !this.#hasNewKeys)) {
			throw new TlsError(`handshake message ${type} came after ${this.#last}`, ALERT.unexpectedMessage);
		}
		this.#last = type;
		this.#whole.push(message);
	}
}

/** Where the message that begins at `at` ends; beyond the bytes if it cannot be told yet. */
function messageEnd(bytes: Uint8Array, at: number): number {
	if (bytes.length - at < HEADER) return at + HEADER;
	const length = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
	if (length > MAX_MESSAGE) {
		throw new TlsError(`a handshake message of ${length} bytes, more than ${MAX_MESSAGE}`, ALERT.recordOverflow);
	}
	return at + HEADER + length;
}
