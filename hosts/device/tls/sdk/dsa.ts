/**
 * The manifest puts this in the place of the SDK's module `dsa`, which its handshake imports for keys that we do not take.
 * Together with `ecdsa` and `pkcs1_5`, and what these import, it would take 11 KB of flash.
 */
export default class UnusedDsa {
	constructor() {
		throw new Error("DSA is not offered");
	}
}
