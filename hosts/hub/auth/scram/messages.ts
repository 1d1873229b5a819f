/** The first message of a client (RFC 5802 section 7). */
export interface ClientFirst {
	/** What comes before the names: `n,,` or `y,,`. */
	readonly header: string;
	/** The message without it. */
	readonly bare: string;
	readonly username: string;
	readonly nonce: string;
}

/** The last message of a client. */
export interface ClientFinal {
	/** The channel binding, which must be the header of the first message. */
	readonly binding: string;
	readonly nonce: string;
	readonly proof: Buffer;
	/** The message without the proof. */
	readonly withoutProof: string;
}

/** Longest message in bytes. */
const MAX_MESSAGE = 1_024;
// Without channel binding (`p=`), which is not offered, and without a name to act for (`a=`), which nobody may.
const CLIENT_FIRST = /^([ny],,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s;
const CLIENT_FINAL = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/s;

/** Undefined: it is not such a message. */
export function parseClientFirst(data: Uint8Array | undefined): ClientFirst | undefined {
	const [, header, bare, name, nonce] = CLIENT_FIRST.exec(textOf(data)) ?? [];
	const username = unescaped(name ?? "");
	if (header === undefined || bare === undefined || nonce === undefined || username === undefined) return undefined;
	return { header, bare, username, nonce };
}

/** Undefined: it is not such a message. */
export function parseClientFinal(data: Uint8Array | undefined): ClientFinal | undefined {
	const [, withoutProof, binding, nonce, proof] = CLIENT_FINAL.exec(textOf(data)) ?? [];
	if (withoutProof === undefined || binding === undefined || nonce === undefined || proof === undefined)
		return undefined;
	return {
		binding: Buffer.from(binding, "base64").toString(),
		nonce,
		proof: Buffer.from(proof, "base64"),
		withoutProof,
	};
}

function textOf(data: Uint8Array | undefined): string {
	return data === undefined || data.length > MAX_MESSAGE ? "" : Buffer.from(data).toString();
}

/** In names `,` is written as `=2C` and `=` as `=3D`; any other `=` is wrong. */
function unescaped(name: string): string | undefined {
	if (/=(?!2C|3D)/.test(name)) return undefined;
	return name.replaceAll("=2C", ",").replaceAll("=3D", "=");
}
