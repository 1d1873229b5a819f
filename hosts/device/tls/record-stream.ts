import { ALERT } from "./alerts.ts";
import { joined } from "./joined.ts";
import { TlsError } from "./tls-error.ts";

const HEADER = 5;
/** ContentType (RFC 5246 section 6.2.1): change_cipher_spec, alert, handshake, application_data. */
const CHANGE_CIPHER_SPEC = 20;
const LAST_TYPE = 23;
/** The major version of SSL 3.0 and all TLS. */
const MAJOR = 3;
/** Octets of a record's content, and what AES-128-GCM adds: a nonce of 8, and a tag of 16 (RFC 5288). */
const MAX_PLAINTEXT = 16_384;
const GCM_EXPANSION = 24;
/** Octets that may wait to be read. A record is read as it comes, and a handshake leaves no more than a flight. */
const MAX_UNREAD = 32_768;
/** What the SDK asks to be told as writable; what is written is queued by the connection below. */
const ALWAYS_WRITABLE = 65_536;
const NOTHING = new Uint8Array(0);

/** Whose records they are. */
export interface RecordOwner {
	/** Passes bytes on to the connection below. False: it takes no more for now. */
	send(bytes: Uint8Array): boolean;
	/** A ChangeCipherSpec comes. May throw TlsError. */
	changeKeys(): void;
}

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
	readonly #owner: RecordOwner;
	readonly #maxCiphertext: number;
	readonly #pieces: Uint8Array[] = [];
	/** What was written since `holdFlight`. */
	#flight: Uint8Array | undefined;
	/** The octets of a header that have been read, as one number: an array of them would take RAM for good. */
	#header = 0;
	#headerRead = 0;
	#bodyLeft = 0;

	/** `expansion`: octets that encryption adds to a record, at most. */
	constructor(owner: RecordOwner, expansion = GCM_EXPANSION) {
		this.#owner = owner;
		this.#maxCiphertext = MAX_PLAINTEXT + expansion;
	}

	/** Takes bytes from the connection below. Throws TlsError if more than a server has to say would wait. */
	push(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		if (this.readable + bytes.length > MAX_UNREAD) {
			throw new TlsError("the server says more than a handshake takes", ALERT.recordOverflow);
		}
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
		if (this.#flight) this.#flight = joined(this.#flight, bytes);
		else this.hasRoom = this.#owner.send(bytes);
		return ALWAYS_WRITABLE;
	}

	/**
	 * Keeps what is written until `sendFlight`, to send it in one piece. A server that does not like the first message of a
	 * flight closes, and what comes after that is answered by a reset, which can overtake the server's reason.
	 */
	holdFlight(): void {
		this.#flight = NOTHING;
	}

	sendFlight(): void {
		const flight = this.#flight;
		this.#flight = undefined;
		if (flight && flight.length > 0) this.hasRoom = this.#owner.send(flight);
	}

	private follow(bytes: Uint8Array): void {
		if (this.#bodyLeft > 0) {
			this.#bodyLeft -= bytes.length;
			return;
		}
		for (let index = 0; index < bytes.length; index++) this.#header = this.#header * 0x100 + (bytes[index] ?? 0);
		this.#headerRead += bytes.length;
		if (this.#headerRead < HEADER) return;
		const header = this.#header;
		this.#header = 0;
		this.#headerRead = 0;
		this.#bodyLeft = bodyLength(header, this.#maxCiphertext);
		if (typeOf(header) === CHANGE_CIPHER_SPEC) this.#owner.changeKeys();
	}
}

/** ContentType, the first of a header's octets. */
function typeOf(header: number): number {
	return Math.floor(header / 0x1_0000_0000);
}

function bodyLength(header: number, most: number): number {
	const type = typeOf(header);
	const major = (header >>> 24) & 0xff;
	if (type < CHANGE_CIPHER_SPEC || type > LAST_TYPE || major !== MAJOR) {
		throw new TlsError("the server does not speak TLS on this port");
	}
	const length = header & 0xffff;
	if (length === 0 || length > most) {
		throw new TlsError(`a record of ${length} bytes`, ALERT.recordOverflow);
	}
	return length;
}
