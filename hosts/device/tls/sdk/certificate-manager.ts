import type { ServerAuthentication } from "../server-authentication.ts";

/** The manifest puts this in the place of the SDK's module `ssl/cert`: who may be believed is decided by our rules. */
export default class CertificateManager {
	readonly #authentication: ServerAuthentication;

	constructor({ authentication }: { readonly authentication: ServerAuthentication }) {
		this.#authentication = authentication;
	}

	/** They are judged in a turn of the event loop of their own; without that, no key exchange is accepted. */
	verify(certificates: readonly Uint8Array[]): true {
		this.#authentication.receiveCertificates(certificates);
		return true;
	}

	/** The SDK hands back the server's certificate to be remembered; its key is, since `verify`. */
	register(): void {}

	/** Only asked in exchanges of keys that we do not offer. */
	getKey(): never {
		throw new Error("a key exchange that was not offered");
	}
}
