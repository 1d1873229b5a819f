import Resource from "Resource";
import { UsageError } from "../../../src/codec/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import type { ServerTrust } from "./server-authentication.ts";
import { verifySignature } from "./signature-verifier.ts";

export interface TrustOptions {
	readonly host: string;
	/** The names of bundled certificates, as `npm run ca` writes them. */
	readonly certificates: readonly string[];
	/** Drops the host name check, and nothing else. */
	readonly insecure: boolean;
	/** When the firmware was built, since 1970: it is not earlier than that, whatever the clock says. */
	readonly buildTime: Seconds;
}

/** Trust in the certificates that lie in flash. They stay there. Throws UsageError if one is missing. */
export function bundledTrust({ host, certificates, insecure, buildTime }: TrustOptions): ServerTrust {
	const anchors = certificates.map(bundled);
	return { host, anchors, insecure, verifySignature, now: () => Math.max(Date.now() / 1_000, buildTime) };
}

function bundled(name: string): Uint8Array {
	if (!Resource.exists(name)) {
		throw new UsageError(`config: mqtt.certificate: ${JSON.stringify(name)} is not bundled: run npm run ca`);
	}
	return new Uint8Array(new Resource(name));
}
