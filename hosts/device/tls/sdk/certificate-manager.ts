/**
 * The manifest puts this in the place of the SDK's module `ssl/cert`, which is asked in exchanges of keys that we do not
 * offer alone: whom to believe is decided in our handshake.
 */
export default class CertificateManager {
	getKey(): never {
		throw new Error("a key exchange that was not offered");
	}
}
