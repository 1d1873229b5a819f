import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

const NONCE = "fyko+d2lbbFgONRv9qkxdawL";

/** The client's side of SCRAM-SHA-256, step by step as RFC 5802 section 3 has it. */
export class ScramClient {
	readonly first: string;
	readonly #password: string;
	readonly #bare: string;
	#serverSignature = "";

	constructor(username: string, password: string) {
		this.#password = password;
		this.#bare = `n=${username.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${NONCE}`;
		this.first = `n,,${this.#bare}`;
	}

	/** The answer to the server's first message. */
	final(serverFirst: string): string {
		const [, nonce = "", salt = "", iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
		if (!nonce.startsWith(NONCE) || nonce === NONCE) throw new Error(`not a challenge: ${serverFirst}`);
		const salted = pbkdf2Sync(this.#password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
		const clientKey = hmac(salted, "Client Key");
		const withoutProof = `c=biws,r=${nonce}`;
		const transcript = `${this.#bare},${serverFirst},${withoutProof}`;
		const signature = hmac(createHash("sha256").update(clientKey).digest(), transcript);
		const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
		this.#serverSignature = `v=${hmac(hmac(salted, "Server Key"), transcript).toString("base64")}`;
		return `${withoutProof},p=${proof.toString("base64")}`;
	}

	/** Whether the server knows the password, too. */
	accepts(serverFinal: string | undefined): boolean {
		return serverFinal === this.#serverSignature;
	}
}

function hmac(key: Uint8Array, text: string): Buffer {
	return createHmac("sha256", key).update(text).digest();
}
