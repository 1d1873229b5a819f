import type { UpdateSession, UpdateSupport } from "../platform.ts";
import { hex } from "./hex.ts";
import type { Offer } from "./offer.ts";

/** The image cannot be installed; the message says why. The firmware that runs stays. */
export class ImageError extends Error {
	override name = "ImageError";
}

/**
 * Writes one image into the partition that is not running, as it arrives. Nothing but `complete` makes it the one to start:
 * whatever goes wrong before, power cuts among it, the running firmware is started again.
 */
export class ImageWriter {
	readonly #offer: Offer;
	readonly #session: UpdateSession;
	readonly #digest: ReturnType<UpdateSupport["digest"]>;
	#written = 0;

	/** Throws ImageError when the platform refuses: too large, or no such partition. */
	constructor(offer: Offer, support: Pick<UpdateSupport, "open" | "digest">) {
		this.#offer = offer;
		this.#digest = support.digest();
		this.#session = attempt("the partition cannot be opened", () => support.open(offer.size));
	}

	/** Bytes written. */
	get written(): number {
		return this.#written;
	}

	/** `offset`: where the bytes belong. Throws ImageError when they are not the next ones, or too many, or cannot be written. */
	write(bytes: Uint8Array, offset: number): void {
		if (offset !== this.#written) throw new ImageError(`bytes came for ${offset} where ${this.#written} was due`);
		if (offset + bytes.length > this.#offer.size)
			throw new ImageError(`the image has more than ${this.#offer.size} bytes`);
		this.#digest.write(bytes);
		attempt("the partition cannot be written", () => this.#session.write(bytes));
		this.#written += bytes.length;
	}

	/** Makes the image the one to start. Throws ImageError when it is not the one that was offered; nothing has changed then. */
	complete(): void {
		const { size, sha256 } = this.#offer;
		if (this.#written !== size) throw new ImageError(`the image has ${this.#written} bytes, and ${size} were offered`);
		const digest = hex(new Uint8Array(this.#digest.close()));
		if (digest !== sha256) throw new ImageError(`the image's SHA-256 is ${digest}, and ${sha256} was offered`);
		attempt("the image was refused", () => this.#session.complete());
	}

	/** Lets the partition go. Without `complete` before, what was written is of no effect. */
	close(): void {
		attempt("the partition cannot be closed", () => this.#session.close());
	}
}

function attempt<T>(what: string, action: () => T): T {
	try {
		return action();
	} catch (cause) {
		throw new ImageError(`${what}: ${String(cause)}`, { cause });
	}
}
