import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ALERT, describeAlert } from "../../hosts/device/tls/alerts.ts";
import { ClientAuthentication } from "../../hosts/device/tls/client-authentication.ts";
import type { ClientIdentity } from "../../hosts/device/tls/client-identity.ts";
import { lengthened } from "../../hosts/device/tls/scalar.ts";
import RNG from "../../hosts/device/tls/sdk/rng.ts";

const CERTIFICATES = [Uint8Array.of(1), Uint8Array.of(2)];

/** A CertificateRequest's body (RFC 5246 section 7.4.4). */
function request(algorithms: readonly number[], names: readonly number[] = []): Uint8Array {
	const pairs = algorithms.flatMap((code) => [code >> 8, code & 0xff]);
	return Uint8Array.from([2, 1, 64, 0, pairs.length, ...pairs, 0, names.length, ...names]);
}

function identity(keyKind: ClientIdentity["keyKind"]): ClientIdentity {
	return { certificates: CERTIFICATES, keyKind, sign: (digest) => Uint8Array.of(...digest, 0x77) };
}

describe("a client's authentication", () => {
	test.each([
		["ec", 0x0403],
		["rsa", 0x0401],
	] as const)("shows its certificates to a server that takes what its %s key signs", (kind, algorithm) => {
		const authentication = new ClientAuthentication(identity(kind));
		expect(authentication.hasShown).toBe(false);
		expect(authentication.certificatesFor(request([0x0806, algorithm, 0x0601], [0, 2, 0x30, 0]))).toBe(CERTIFICATES);
		expect(authentication.hasShown).toBe(true);
		expect([...authentication.prove(Uint8Array.of(5, 6))]).toEqual([4, algorithm & 0xff, 0, 3, 5, 6, 0x77]);
	});

	test("shows none to a server that takes other signatures alone, and none if it has none", () => {
		const otherKind = new ClientAuthentication(identity("ec"));
		// 0403 stands across two of them.
		expect(otherKind.certificatesFor(request([0x0401, 0x0104, 0x0305]))).toEqual([]);
		expect(otherKind.hasShown).toBe(false);
		const without = new ClientAuthentication(undefined);
		expect(without.certificatesFor(request([0x0403]))).toEqual([]);
		expect(() => without.prove(new Uint8Array(32))).toThrow("no key to sign with");
	});

	test("refuses a request that is cut anywhere, and one with something after it", () => {
		const body = request([0x0403, 0x0401], [0, 2, 0x30, 0]);
		for (let length = 0; length < body.length; length++) {
			const cut = () => new ClientAuthentication(identity("ec")).certificatesFor(body.subarray(0, length));
			expect(cut).toThrow("request for a client certificate is cut off");
		}
		const longer = Uint8Array.from([...body, 0]);
		expect(() => new ClientAuthentication(identity("ec")).certificatesFor(longer)).toThrow("cut off");
	});
});

describe("a server's alert", () => {
	test.each([
		[ALERT.handshakeFailure, "wants a client certificate", "does not accept our client certificate"],
		[ALERT.badCertificate, "wants a client certificate", "does not accept our client certificate"],
		[ALERT.certificateRequired, "wants a client certificate", "wants a client certificate"],
		[ALERT.unknownCa, "alert 48", "does not know the CA of our client certificate"],
		[ALERT.certificateExpired, "alert 45", "our client certificate has expired"],
		[ALERT.certificateRevoked, "alert 44", "our client certificate has been revoked"],
		[ALERT.decryptError, "alert 51", "our client key does not belong to our client certificate"],
		[ALERT.noApplicationProtocol, "none of the protocols in tls_alpn", "none of the protocols in tls_alpn"],
		[80, "alert 80", "alert 80"],
	])("%d is told by whether a certificate was shown", (description, without, shown) => {
		expect(describeAlert(description, "1.2", false)).toContain(without);
		expect(describeAlert(description, "1.2", true)).toContain(shown);
	});
});

describe("a signature's random number", () => {
	/** The orders of P-256 and P-384 (SP 800-186 sections 3.2.1.3 and 3.2.1.4). */
	const ORDERS = [
		[256, 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
		[384, 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n],
	] as const;

	test.each(ORDERS)("is of one length for the multiplication, on the curve of %d bits", (bits, order) => {
		const scalars = fc.oneof(fc.bigInt(1n, order - 1n), fc.bigInt(1n, 0xffffn), fc.bigInt(order - 0xffffn, order - 1n));
		fc.assert(
			fc.property(scalars, (scalar) => {
				const longer = lengthened(scalar, order, bits);
				expect([longer % order, longer.toString(2).length]).toEqual([scalar, bits + 1]);
			}),
		);
	});
});

describe("random octets", () => {
	test("are each a draw of their own from the generator", () => {
		const draws = [0, 0.5, 0.999_999, 1 / 256, 0.25];
		const { random } = Math;
		let drawn = 0;
		Math.random = () => draws[drawn++] ?? 0;
		try {
			expect([...new Uint8Array(RNG.get(draws.length))]).toEqual([0, 0x80, 0xff, 1, 0x40]);
			expect(drawn).toBe(draws.length);
		} finally {
			Math.random = random;
		}
	});
});
