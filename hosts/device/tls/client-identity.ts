import { UsageError } from "../../../src/codec/index.ts";
import { DerError, type PrivateKey, parsePrivateKey } from "../../../src/tls/index.ts";
import { bundled } from "./bundled.ts";
import { signDigest } from "./signer.ts";

/** What the device shows of itself when a server asks who it is. */
export interface ClientIdentity {
	/** In DER, the device's own first, each followed by its issuer. */
	readonly certificates: readonly Uint8Array[];
	readonly keyKind: PrivateKey["kind"];
	/** A signature over a SHA-256 digest, as TLS 1.2 carries it. */
	sign(digest: Uint8Array): Uint8Array;
}

export interface BundledIdentity {
	/** The names of bundled certificates, as `npm run ca` writes them. */
	readonly certificates: readonly string[];
	/** The name of the bundled private key. */
	readonly key: string;
}

/** An identity that lies in flash and stays there: the key is read anew for each signature. Throws UsageError. */
export function bundledIdentity({ certificates, key }: BundledIdentity): ClientIdentity {
	const pkcs8 = bundled("client_key", key);
	return {
		certificates: certificates.map((name) => bundled("client_cert", name)),
		keyKind: keyKindOf(key, pkcs8),
		sign: (digest) => signDigest(parsePrivateKey(pkcs8), digest),
	};
}

function keyKindOf(name: string, pkcs8: Uint8Array): PrivateKey["kind"] {
	try {
		return parsePrivateKey(pkcs8).kind;
	} catch (error) {
		if (!(error instanceof DerError)) throw error;
		throw new UsageError(`config: mqtt.client_key: ${JSON.stringify(name)} is no private key: ${error.message}`);
	}
}
