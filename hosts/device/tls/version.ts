import type { VerifyingKey } from "../../../src/tls/index.ts";

export type TlsVersion = "1.0" | "1.1" | "1.2";

/** What differs between the versions outside of the SDK's modules. */
export interface Version {
	readonly name: TlsVersion;
	/** As it goes over the wire: 0x303 is TLS 1.2. */
	readonly protocolVersion: number;
	/** Octets that encryption adds to a record, at most. Default: those of AES-GCM. */
	readonly expansion?: number;
	/**
	 * Whether `key` has signed `signed`, by a `digitally-signed` of a version without a choice of algorithms. Default: as in
	 * TLS 1.2, with the algorithm before the signature.
	 */
	readonly verify?: (key: VerifyingKey, signed: Uint8Array, signature: Uint8Array) => boolean;
}

/** The versions that a build speaks, as its manifest puts it together. */
export type Versions = { readonly [V in TlsVersion]?: Version };
