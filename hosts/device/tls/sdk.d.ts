/** The modules of the Moddable SDK's TLS and cryptography that are used here, in our own words and no wider than they are used. */

declare module "ssl/session" {
	/** A TLS connection without its socket. */
	export default class Session {
		constructor(options: import("./session-options.ts").SessionOptions);
		options: import("./session-options.ts").LastingOptions;
		/** These serve the handshake, and nothing after it. */
		handshakeDigests?: object;
		clientRandom?: ArrayBuffer;
		serverRandom?: ArrayBuffer;
		dhparams?: object;
		masterSecret?: ArrayBuffer;
		minProtocolVersion?: number;
		maxProtocolVersion?: number;
		compressionMethod?: number;
		/** What the peer's alert said, or what ours is going to say. */
		readonly alert?: { readonly level: number; readonly description: number };
		/** The last message of the handshake that came and has not been acted upon; -1: none. */
		readonly handshakeProcess: number;
		/** Decrypted and not yet read. */
		readonly applicationData?: Uint8Array;
		/** Set once the keys of a direction are in use. */
		readonly clientCipher: { key?: ArrayBuffer } | null;
		readonly serverCipher: { key?: ArrayBuffer } | null;
		initiateHandshake(): void;
		/** One step: sends what is due, or reads one record. True: finished, or ended by an alert. Throws. */
		handshake(stream: import("./record-stream.ts").RecordStream): boolean;
		/** The content of the next record; undefined: not complete yet; null: the peer has closed. Throws. */
		read(stream: import("./record-stream.ts").RecordStream): Uint8Array | null | undefined;
		/** Sends one record. Throws above 16 KB. */
		write(stream: import("./record-stream.ts").RecordStream, bytes: Uint8Array): number;
		/** Sends a message of `protocol`. */
		doProtocol(
			stream: import("./record-stream.ts").RecordStream,
			protocol: object,
			level: number,
			description: number,
		): void;
	}
}

declare module "ssl/alert" {
	const alert: object;
	export default alert;
}

/** Ours. */
declare module "ssl/handshake" {
	/** Takes up the next message of a session's handshake. False: there is none. */
	const handshake: { proceed(session: import("ssl/session").default): boolean };
	export default handshake;
}

/** Ours. */
declare module "ssl/versions" {
	const versions: import("./version.ts").Versions;
	export default versions;
}

declare module "ssl/constants" {
	export const AES: number;
	export const CBC: number;
	export const ECDHE_RSA: number;
	export const GCM: number;
	export const SHA1: number;
	export const SHA256: number;
}

declare module "ssl/stream" {
	/** A cursor over bytes. */
	export default class SSLStream {
		constructor(bytes: Uint8Array);
		readonly bytesAvailable: number;
		/** A view, if `reference` is true. Throws beyond the end. */
		readChunk(length: number, reference: true): Uint8Array;
	}
}

/** The SDK's module `ssl/handshake`, which ours of that name puts its checks around. */
declare module "motehub/sdk/handshake" {
	const handshake: import("./sdk/handshake-protocol.ts").HandshakeProtocol;
	export default handshake;
}

/** The SDK's module `ssl/record`, which ours of that name in `legacy` puts its encryption around. */
declare module "motehub/sdk/record" {
	const record: import("./legacy/sdk/record-protocol.ts").RecordProtocol;
	export default record;
}

declare module "modular" {
	/** Arithmetic modulo `modulus`. */
	export default class Modular {
		constructor(modulus: bigint);
		exp(base: bigint, exponent: bigint): bigint;
		mul(a: bigint, b: bigint): bigint;
		mulinv(a: bigint): bigint;
	}
}

declare module "ecp" {
	/** A point in affine coordinates. */
	export default class ECPoint {
		constructor(x: bigint, y: bigint);
		readonly X: bigint;
		isZero(): boolean;
	}
}

declare module "curve" {
	import type ECPoint from "ecp";
	export default class Curve {
		constructor(name: "secp256r1" | "secp384r1");
		readonly G: ECPoint;
		/** The order of the group. */
		readonly n: bigint;
		/** y² = x³ + ax + b modulo m. */
		readonly ec: {
			readonly a: bigint;
			readonly b: bigint;
			readonly m: bigint;
			/** k·p */
			mul(p: ECPoint, k: bigint): ECPoint;
			/** k·p + l·q */
			mul2(p: ECPoint, k: bigint, q: ECPoint, l: bigint): ECPoint;
		};
	}
}

declare module "hmac" {
	import type { Digest } from "crypt";
	export default class HMAC {
		constructor(digest: Digest, key: Uint8Array);
		/** Of all of them, one after the other. */
		process(...parts: readonly (Uint8Array | ArrayBuffer)[]): ArrayBuffer;
	}
}

declare module "rng" {
	/** Ours: from the hardware's source of random numbers. */
	const RNG: { get(octets: number): ArrayBuffer };
	export default RNG;
}

declare module "Resource" {
	/** A file in flash. Its bytes are read where they are. */
	export default class Resource extends ArrayBuffer {
		/** Throws if there is none of that name. */
		constructor(name: string);
		static exists(name: string): boolean;
	}
}

interface BigIntConstructor {
	/** Unsigned, most significant octet first. */
	fromArrayBuffer(buffer: ArrayBufferLike): bigint;
}

interface ArrayBuffer {
	concat(...more: readonly ArrayBuffer[]): ArrayBuffer;
}

interface ArrayBufferConstructor {
	/** In UTF-8. */
	fromString(text: string): ArrayBuffer;
	/** Most significant octet first, with zeros before up to `length`. */
	fromBigInt(value: bigint, length: number): ArrayBuffer;
}
