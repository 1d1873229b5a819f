/**
 * The manifest puts this in the place of the SDK's module `pkcs1_5`, which its handshake imports for RSA signatures and RSA key transport.
 * The former are made and checked by ours; the latter is not offered.
 */
export default class UnusedPkcs1 {
	constructor() {
		throw new Error("the SDK's RSA is not in use");
	}
}
