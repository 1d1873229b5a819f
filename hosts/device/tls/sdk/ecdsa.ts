/**
 * The manifest puts this in the place of the SDK's module `ecdsa`, which its handshake imports for the signed key exchange.
 * Ours in its place is checked by `signature-verifier.ts`.
 */
export default class UnusedEcdsa {
	constructor() {
		throw new Error("the SDK's key exchange is not in use");
	}
}
