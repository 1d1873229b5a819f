import { timingSafeEqual } from "node:crypto";
import { hmac, type ScramKeys, sha256 } from "./keys.ts";
import { type ClientFirst, parseClientFinal } from "./messages.ts";

/** One authentication, from the client's first message on. */
export class ScramExchange {
	readonly #first: ClientFirst;
	readonly #keys: ScramKeys;
	readonly #nonce: string;
	/** The server's first message. */
	readonly challenge: string;

	/** `serverNonce`: printable ASCII without commas, never used before. */
	constructor(first: ClientFirst, keys: ScramKeys, serverNonce: string) {
		this.#first = first;
		this.#keys = keys;
		this.#nonce = first.nonce + serverNonce;
		this.challenge = `r=${this.#nonce},s=${keys.salt.toString("base64")},i=${keys.iterations}`;
	}

	/** The server's last message, which proves that it knows the keys. Undefined: the client does not know the password. */
	finish(data: Uint8Array | undefined): string | undefined {
		const final = parseClientFinal(data);
		if (final === undefined || final.nonce !== this.#nonce || final.binding !== this.#first.header) return undefined;
		const { storedKey, serverKey } = this.#keys;
		const transcript = `${this.#first.bare},${this.challenge},${final.withoutProof}`;
		const signature = hmac(storedKey, transcript);
		if (final.proof.length !== signature.length) return undefined;
		const clientKey = signature.map((byte, i) => byte ^ (final.proof[i] as number));
		if (!timingSafeEqual(sha256(clientKey), storedKey)) return undefined;
		return `v=${hmac(serverKey, transcript).toString("base64")}`;
	}
}
