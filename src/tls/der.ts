/** Identifier octets (X.690 section 8.1.2) that certificates use, class and constructed bit included. */
export const TAG = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	oid: 0x06,
	utf8String: 0x0c,
	utcTime: 0x17,
	generalizedTime: 0x18,
	bmpString: 0x1e,
	sequence: 0x30,
	set: 0x31,
} as const;

/**
 * The identifier octet of `[number]`, context-specific. Implicitly tagged primitives are primitive, all else
 * constructed.
 */
export function contextTag(number: number, form: "primitive" | "constructed"): number {
	return (form === "constructed" ? 0xa0 : 0x80) | number;
}

/** Bytes that DER, or the structure that they claim to be, does not allow. The peer's fault. */
export class DerError extends Error {
	override name = "DerError";
}

/**
 * Reads DER (X.690) strictly and in place: definite lengths in their shortest form, one-octet tags, every element
 * within the one around it. What it hands out are views. It never recurses: depth is that of the caller's own code, and
 * an element that nobody enters is passed over by its length.
 */
export class DerReader {
	readonly #bytes: Uint8Array;
	readonly #end: number;
	#at: number;

	/** Reads `bytes` from `start` up to `end`. */
	constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
		this.#bytes = bytes;
		this.#at = start;
		this.#end = end;
	}

	/** Whether all elements have been read. */
	get done(): boolean {
		return this.#at === this.#end;
	}

	/** The identifier octet of the next element, or -1 if there is none. */
	get tag(): number {
		return this.#at < this.#end ? (this.#bytes[this.#at] ?? -1) : -1;
	}

	/** Passes the next element and returns a reader of its content. Throws `DerError` unless its tag is `tag`. */
	enter(tag: number): DerReader {
		const start = this.open(tag);
		return new DerReader(this.#bytes, start, this.#at);
	}

	/** Passes the next element and returns its content. Throws `DerError` unless its tag is `tag`. */
	take(tag: number): Uint8Array {
		const start = this.open(tag);
		return this.#bytes.subarray(start, this.#at);
	}

	/** Passes the next element and returns all of it, identifier and length included. */
	element(tag: number): Uint8Array {
		const start = this.#at;
		this.open(tag);
		return this.#bytes.subarray(start, this.#at);
	}

	/** Passes the next element if its tag is `tag`. */
	skip(tag: number): void {
		if (this.tag === tag) this.open(tag);
	}

	/** What remains, as a view. The reader stays where it is. */
	get rest(): Uint8Array {
		return this.#bytes.subarray(this.#at, this.#end);
	}

	/** Throws `DerError` if anything follows. */
	finish(): void {
		if (!this.done) throw this.error("nothing may follow");
	}

	/** A BOOLEAN: 00 or FF (X.690 section 11.1). */
	boolean(): boolean {
		const content = this.take(TAG.boolean);
		const value = content[0];
		if (content.length !== 1 || (value !== 0 && value !== 0xff)) throw this.error("not a BOOLEAN");
		return value === 0xff;
	}

	/**
	 * An INTEGER that is not negative: its magnitude, most significant octet first, without leading zeros (0 is empty).
	 */
	unsigned(): Uint8Array {
		const content = this.integer();
		const first = content[0] ?? 0;
		if (first >= 0x80) throw this.error("negative INTEGER");
		return first === 0 ? content.subarray(1) : content;
	}

	/** An INTEGER of any sign, as its two's complement octets in shortest form (X.690 section 8.3.2). */
	integer(): Uint8Array {
		const content = this.take(TAG.integer);
		const first = content[0];
		const second = content[1];
		if (first === undefined) throw this.error("empty INTEGER");
		const needless = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
		if (needless) throw this.error("INTEGER with needless octets");
		return content;
	}

	/** A BIT STRING of whole octets. */
	octetsOfBits(): Uint8Array {
		const content = this.take(TAG.bitString);
		if (content[0] !== 0) throw this.error("not a BIT STRING of whole octets");
		return content.subarray(1);
	}

	/** An error that says where the reader stands. */
	error(fault: string): DerError {
		return new DerError(`${fault} (at byte ${this.#at})`);
	}

	/** Passes the next element and returns where its content starts. */
	private open(tag: number): number {
		const start = this.#at;
		if (this.tag !== tag) throw this.error(`tag ${hex(tag)} expected, ${this.done ? "end" : hex(this.tag)} found`);
		if ((tag & 0x1f) === 0x1f) throw this.error("tag of several octets");
		const first = this.octet(start + 1);
		const content = first < 0x80 ? start + 2 : start + 2 + (first & 0x7f);
		const length = first < 0x80 ? first : this.longLength(start + 2, first & 0x7f);
		if (length > this.#end - content) throw this.error(`length ${length} exceeds what is there`);
		this.#at = content + length;
		return content;
	}

	/** Definite, in the shortest form (X.690 section 10.1), and below 16 MB: more is never a certificate. */
	private longLength(at: number, octets: number): number {
		if (octets === 0) throw this.error("indefinite length");
		if (octets > 3) throw this.error("oversized length");
		let length = 0;
		for (let index = 0; index < octets; index++) length = (length << 8) | this.octet(at + index);
		const least = octets === 1 ? 0x80 : 1 << (8 * (octets - 1));
		if (length < least) throw this.error("length not in its shortest form");
		return length;
	}

	private octet(at: number): number {
		const octet = at < this.#end ? this.#bytes[at] : undefined;
		if (octet === undefined) throw this.error("truncated");
		return octet;
	}
}

/** A reader of the content of the one SEQUENCE that `bytes` are. Throws `DerError` for anything else. */
export function readSequence(bytes: Uint8Array): DerReader {
	const outer = new DerReader(bytes);
	const sequence = outer.enter(TAG.sequence);
	outer.finish();
	return sequence;
}

function hex(tag: number): string {
	return `0x${tag.toString(16).padStart(2, "0")}`;
}
