import type { Seconds } from "../../../src/ports/index.ts";
import { BUILT } from "../base.ts";
import { bundled } from "./bundled.ts";
import type { ServerTrust } from "./server-authentication.ts";
import { isOnCurve, verifySignature } from "./signature-verifier.ts";

export interface TrustOptions {
	readonly host: string;
	/** The names of bundled certificates, as `npm run ca` writes them. */
	readonly certificates: readonly string[];
	/** Drops the host name check, and nothing else. Default false. */
	readonly insecure?: boolean;
	/** It is not earlier than that, since 1970, whatever the clock says. Default: when the firmware was built. */
	readonly buildTime?: Seconds;
}

/** Trust in the certificates that lie in flash. They stay there. Throws UsageError if one is missing. */
export function bundledTrust(options: TrustOptions): ServerTrust {
	return new BundledTrust(options);
}

class BundledTrust implements ServerTrust {
	readonly host: string;
	readonly anchors: readonly Uint8Array[];
	readonly insecure: boolean;
	readonly verifySignature = verifySignature;
	readonly isOnCurve = isOnCurve;
	readonly #buildTime: Seconds;

	constructor({ host, certificates, insecure = false, buildTime = BUILT }: TrustOptions) {
		this.host = host;
		this.anchors = certificates.map((name) => bundled("certificate", name));
		this.insecure = insecure;
		this.#buildTime = buildTime;
	}

	now(): Seconds {
		return Math.max(Date.now() / 1_000, this.#buildTime);
	}
}
