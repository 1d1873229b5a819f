import { createHash, type Hash } from "node:crypto";

/** The machine's SHA-256 in the making. */
export class Digests {
	readonly #open = new Map<number, Hash>();

	open(id: number): void {
		this.#open.set(id, createHash("sha256"));
	}

	/** Throws when it is closed. */
	write(id: number, bytes: Uint8Array): void {
		this.#get(id).update(bytes);
	}

	close(id: number): Uint8Array {
		const digest = this.#get(id).digest();
		this.#open.delete(id);
		return digest;
	}

	#get(id: number): Hash {
		const hash = this.#open.get(id);
		if (!hash) throw new Error("digest is closed");
		return hash;
	}
}
