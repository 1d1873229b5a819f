import { ALERT } from "./alerts.ts";
import { TlsError } from "./tls-error.ts";

const HEADER = 5;
/** ContentType (RFC 5246 section 6.2.1): change_cipher_spec, alert, handshake, application_data. */
const CHANGE_CIPHER_SPEC = 20;
const LAST_TYPE = 23;
/** The major version of SSL 3.0 and all TLS. */
const MAJOR = 3;
/** Octets of a ciphertext with AES-128-GCM: 2^14, a nonce of 8, and a tag of 16 (RFC 5288). */
const MAX_CIPHERTEXT = 16_384 + 24;
/** What the SDK asks to be told as writable; what is written is queued by the connection below. */
const ALWAYS_WRITABLE = 65_536;

/**
 * The bytes under a TLS session, as the SDK's Session wants to see its socket. It reads records in the SDK's way, the
 * header first and then the rest, and looks at each header: a record that claims more than may be must not be allocated.
 */
export class RecordStream {
	/** Bytes that have arrived and are not read. The session counts them down itself. */
	readable = 0;
	writable = ALWAYS_WRITABLE;
	/** Whether the connection below takes more. */
	hasRoom = true;
	readonly #write: (bytes: Uint8Array) => boolean;
	readonly #changeKeys: () => void;
	readonly #pieces: Uint8Array[] = [];
	#flight: Uint8Array[] | undefined;
	readonly #header = new Uint8Array(HEADER);
	#headerRead = 0;
	#bodyLeft = 0;

	/** `changeKeys` is called at a ChangeCipherSpec, and may throw TlsError. */
	constructor(write: (bytes: Uint8Array) => boolean, changeKeys: () => void) {
		this.#write = write;
		this.#changeKeys = changeKeys;
	}

	/** Takes bytes from the connection below. */
	push(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		this.#pieces.push(bytes);
		this.readable += bytes.length;
	}

	/** Fills `target`, which must not be longer than what is readable. Throws TlsError at a header that cannot be. */
	read(target: Uint8Array): void {
		let filled = 0;
		for (let piece = this.#pieces[0]; piece && filled < target.length; piece = this.#pieces[0]) {
			const part = piece.subarray(0, target.length - filled);
			target.set(part, filled);
			filled += part.length;
			if (part.length === piece.length) this.#pieces.shift();
			else this.#pieces[0] = piece.subarray(part.length);
		}
		this.follow(target);
	}

	write(bytes: Uint8Array): number {
		if (this.#flight) this.#flight.push(bytes);
		else this.hasRoom = this.#write(bytes);
		return ALWAYS_WRITABLE;
	}

	/**
	 * Sends all that `action` writes in one piece. A server that does not like the first message of a flight closes, and
	 * what comes after that is answered by a reset, which can overtake the server's reason.
	 */
	inOneFlight<T>(action: () => T): T {
		const flight: Uint8Array[] = [];
		this.#flight = flight;
		try {
			return action();
		} finally {
			this.#flight = undefined;
			if (flight.length > 0) this.hasRoom = this.#write(joined(flight));
		}
	}

	private follow(bytes: Uint8Array): void {
		if (this.#bodyLeft > 0) {
			this.#bodyLeft -= bytes.length;
			return;
		}
		this.#header.set(bytes, this.#headerRead);
		this.#headerRead += bytes.length;
		if (this.#headerRead < HEADER) return;
		this.#headerRead = 0;
		this.#bodyLeft = bodyLength(this.#header);
		if (this.#header[0] === CHANGE_CIPHER_SPEC) this.#changeKeys();
	}
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const piece of pieces) {
		bytes.set(piece, at);
		at += piece.length;
	}
	return bytes;
}

function bodyLength([type = 0, major, , high = 0, low = 0]: Uint8Array): number {
	if (type < CHANGE_CIPHER_SPEC || type > LAST_TYPE || major !== MAJOR) {
		throw new TlsError("the server does not speak TLS on this port");
	}
	const length = (high << 8) | low;
	if (length === 0 || length > MAX_CIPHERTEXT) {
		throw new TlsError(`a record of ${length} bytes`, ALERT.recordOverflow);
	}
	return length;
}
