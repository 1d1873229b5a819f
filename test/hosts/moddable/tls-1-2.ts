import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";

/** ContentType (RFC 5246 section 6.2.1). */
export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const HEADER = 5;
const EXPLICIT_NONCE = 8;
const TAG = 16;
const KEY = 16;
const SALT = 4;

/** A record in the open. */
export function record(type: number, content: Uint8Array): Buffer {
	return Buffer.concat([Uint8Array.of(type, 3, 3, content.length >> 8, content.length & 0xff), content]);
}

/** A message of the handshake, header included. */
export function message(type: number, body: Uint8Array): Buffer {
	return Buffer.concat([Uint8Array.of(type, 0, body.length >> 8, body.length & 0xff), body]);
}

/** `length` octets by the PRF of TLS 1.2 (RFC 5246 section 5). */
export function prf(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
	const hmac = (data: Uint8Array) => createHmac("sha256", secret).update(data).digest();
	const labelled = Buffer.concat([Buffer.from(label), seed]);
	let octets = Buffer.alloc(0);
	for (let chain = hmac(labelled); octets.length < length; chain = hmac(chain)) {
		octets = Buffer.concat([octets, hmac(Buffer.concat([chain, labelled]))]);
	}
	return octets.subarray(0, length);
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
	return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** Protects the records of one direction with AES-128-GCM (RFC 5288). */
export class Protection {
	readonly #key: Buffer;
	readonly #salt: Buffer;
	#sequence = 0n;

	constructor(key: Buffer, salt: Buffer) {
		this.#key = key;
		this.#salt = salt;
	}

	seal(type: number, content: Uint8Array): Buffer {
		const nonce = Buffer.alloc(EXPLICIT_NONCE);
		nonce.writeBigUInt64BE(this.#sequence);
		const cipher = createCipheriv("aes-128-gcm", this.#key, Buffer.concat([this.#salt, nonce]));
		cipher.setAAD(this.nextHeader(type, content.length));
		const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
		return record(type, Buffer.concat([nonce, sealed, cipher.getAuthTag()]));
	}

	/** The content of a record. Throws if it is not genuine. */
	open(sealed: Buffer): Buffer {
		const body = sealed.subarray(HEADER);
		const nonce = Buffer.concat([this.#salt, body.subarray(0, EXPLICIT_NONCE)]);
		const decipher = createDecipheriv("aes-128-gcm", this.#key, nonce);
		decipher.setAAD(this.nextHeader(sealed[0] ?? 0, body.length - EXPLICIT_NONCE - TAG));
		decipher.setAuthTag(body.subarray(-TAG));
		return Buffer.concat([decipher.update(body.subarray(EXPLICIT_NONCE, -TAG)), decipher.final()]);
	}

	private nextHeader(type: number, length: number): Buffer {
		const header = Buffer.alloc(8 + HEADER);
		header.writeBigUInt64BE(this.#sequence++);
		header.set([type, 3, 3, length >> 8, length & 0xff], 8);
		return header;
	}
}

/** What protects both directions (RFC 5246 section 6.3). */
export function protections(
	masterSecret: Uint8Array,
	clientRandom: Uint8Array,
	serverRandom: Uint8Array,
): { readonly client: Protection; readonly server: Protection } {
	const block = prf(masterSecret, "key expansion", Buffer.concat([serverRandom, clientRandom]), 2 * (KEY + SALT));
	const part = (at: number, length: number) => block.subarray(at, at + length);
	return {
		client: new Protection(part(0, KEY), part(2 * KEY, SALT)),
		server: new Protection(part(KEY, KEY), part(2 * KEY + SALT, SALT)),
	};
}
