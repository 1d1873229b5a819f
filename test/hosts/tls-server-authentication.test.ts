import {
	createECDH,
	createPrivateKey,
	ECDH,
	generateKeyPairSync,
	type KeyObject,
	sign,
	X509Certificate,
} from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { notSigned, OFFERED_ALGORITHMS, readServerKeyExchange } from "../../hosts/device/tls/key-exchange.ts";
import { ServerAuthentication } from "../../hosts/device/tls/server-authentication.ts";
import { type EcPublicKey, parseCertificate } from "../../src/tls/index.ts";
import { describeWithOpenSsl } from "../support/tls/certificates.ts";
import { Authority, HOST } from "./moddable/authority.ts";
import { isOnCurveOnNode, verifyOnNode } from "./openssl/node-verifier.ts";
import { FLIGHT, push } from "./support/handshake-flight.ts";

const RANDOMS = new Uint8Array(64).fill(7);
const POINT = createECDH("prime256v1").generateKeys();
const PARAMETERS = parametersOf(POINT);

/** ServerECDHParams (RFC 8422 section 5.4); 23 is P-256. */
function parametersOf(point: Uint8Array, curve = 23): Uint8Array {
	return Uint8Array.from([3, 0, curve, point.length, ...point]);
}

/** The body of a ServerKeyExchange: parameters, algorithm, signature of two octets of length. */
function keyExchange(parameters: Uint8Array, algorithm: number, signature: Uint8Array): Uint8Array {
	const length = [signature.length >> 8, signature.length & 0xff];
	return Uint8Array.from([...parameters, algorithm >> 8, algorithm & 0xff, ...length, ...signature]);
}

/** The body of a Certificate message. */
function certificateList(...certificates: readonly Uint8Array[]): Uint8Array {
	const list = certificates.flatMap((each) => [0, each.length >> 8, each.length & 0xff, ...each]);
	return Uint8Array.from([0, list.length >> 8, list.length & 0xff, ...list]);
}

function signedBy(key: KeyObject, randoms = RANDOMS, digest = "sha256"): Uint8Array {
	return sign(digest, Buffer.concat([randoms, PARAMETERS]), key);
}

describe("the server's key exchange", () => {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const spki = publicKey.export({ type: "spki", format: "der" });
	const key: EcPublicKey = { kind: "ec", curve: "P-256", spki, point: spki.subarray(-65) };
	const read = (body: Uint8Array) => {
		const params = readServerKeyExchange(body, RANDOMS, key, true, isOnCurveOnNode);
		const { algorithm, key: claimed, signed, signature } = params.claim;
		expect(claimed).toBe(key);
		if (algorithm === undefined || !verifyOnNode(algorithm, key, signed, signature)) throw notSigned();
		return params;
	};

	test("counts when the certificate's owner has signed it for this handshake", () => {
		const params = read(keyExchange(PARAMETERS, 0x0403, signedBy(privateKey)));
		expect([params.namedCurve, params.point.length]).toEqual([23, 65]);
		expect(() => read(keyExchange(PARAMETERS, 0x0503, signedBy(privateKey, RANDOMS, "sha384")))).not.toThrow();
	});

	test.each([
		["for other randoms", signedBy(privateKey, new Uint8Array(64)), 0x0403, /private key/],
		["by another key", signedBy(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey), 0x0403, /private key/],
		["under another algorithm's name", signedBy(privateKey), 0x0503, /private key/],
		["as RSA", signedBy(privateKey), 0x0401, /private key/],
		["without an algorithm", signedBy(privateKey), 0, /did not offer/],
		["with SHA-1", signedBy(privateKey, RANDOMS, "sha1"), 0x0203, /did not offer/],
		["without a signature", new Uint8Array(0), 0x0403, /private key/],
	])("is refused when it is signed %s", (_, signature, algorithm, reason) => {
		expect(() => read(keyExchange(PARAMETERS, algorithm, signature))).toThrow(reason);
	});

	test("is taken with each algorithm that is offered, and with no other", () => {
		const offered = OFFERED_ALGORITHMS.map(({ hash, sig }) => (hash << 8) | sig);
		for (let hash = 0; hash < 8; hash++) {
			for (let sig = 0; sig < 8; sig++) {
				const algorithm = (hash << 8) | sig;
				const reason = offered.includes(algorithm) ? /private key/ : /did not offer/;
				expect(() => read(keyExchange(PARAMETERS, algorithm, new Uint8Array(0)))).toThrow(reason);
			}
		}
	});

	test("is refused with a curve of its own, or one that was not offered", () => {
		for (const head of [
			[1, 0, 23],
			[3, 0, 25],
			[3, 0, 29],
		]) {
			const body = keyExchange(Uint8Array.from([...head, ...PARAMETERS.subarray(3)]), 0x0403, signedBy(privateKey));
			expect(() => read(body)).toThrow("a curve for the key exchange that we did not offer");
		}
	});

	const P384_POINT = createECDH("secp384r1").generateKeys();
	const changed = (at: number, by: number): Uint8Array => {
		const point = Uint8Array.from(POINT);
		point[at] = (point[at] ?? 0) ^ by;
		return point;
	};
	const OTHER = createECDH("prime256v1").generateKeys();
	const inForm = (form: "compressed" | "hybrid") =>
		Buffer.from(ECDH.convertKey(POINT, "prime256v1", undefined, "hex", form).toString(), "hex");

	test.each([
		["is not on the curve", changed(64, 1)],
		["has another point's x", Uint8Array.from([4, ...OTHER.subarray(1, 33), ...POINT.subarray(33)])],
		["is that at infinity", Uint8Array.of(0)],
		["is of zeros", Uint8Array.from([4, ...new Uint8Array(64)])],
		["has a coordinate that is not below the field's prime", Uint8Array.from([4, ...new Uint8Array(64).fill(0xff)])],
		["is compressed", inForm("compressed")],
		["is hybrid", inForm("hybrid")],
		["is on the other curve", P384_POINT],
		["is too short", POINT.subarray(0, 64)],
		["is too long", Uint8Array.from([...POINT, 0])],
		["is left out", new Uint8Array(0)],
	])("is refused where its point %s", (_, point) => {
		const body = keyExchange(parametersOf(point), 0x0403, signedBy(privateKey));
		expect(() => read(body)).toThrow(
			expect.objectContaining({ message: expect.stringContaining("no point on its curve"), alert: 47 }),
		);
	});

	test("is taken with a point on P-384, and refused with one of P-256 under that name", () => {
		const [right, wrong] = [P384_POINT, POINT].map((point) => parametersOf(point, 24));
		const signed = sign("sha256", Buffer.concat([RANDOMS, right ?? RANDOMS]), privateKey);
		expect(read(keyExchange(right ?? RANDOMS, 0x0403, signed)).namedCurve).toBe(24);
		expect(() => read(keyExchange(wrong ?? RANDOMS, 0x0403, signed))).toThrow("no point on its curve");
	});

	test("is refused cut anywhere, and with anything after it", () => {
		const body = keyExchange(PARAMETERS, 0x0403, signedBy(privateKey));
		for (let length = 0; length < body.length; length++) {
			expect(() => read(body.subarray(0, length))).toThrow(expect.objectContaining({ name: "TlsError" }));
		}
		expect(() => read(Uint8Array.from([...body, 0]))).toThrow("cut off");
	});
});

describeWithOpenSsl("the server's authentication", () => {
	let authority: Authority;
	beforeAll(() => {
		authority = new Authority();
	});
	afterAll(() => authority.remove());

	const ports = { verifySignature: verifyOnNode, isOnCurve: isOnCurveOnNode };
	const authenticate = (host = HOST, now = () => Date.now() / 1_000): ServerAuthentication =>
		new ServerAuthentication(
			{ host, now, anchors: [authority.der("root")], insecure: false, ...ports },
			{ name: "1.2", protocolVersion: 0x303 },
		);

	/** Checks all that there is to check; says in how many steps. */
	const checkAll = (authentication: ServerAuthentication): number => {
		let steps = 0;
		while (authentication.check()) steps++;
		return steps;
	};

	test("is complete after certificates, a signed key exchange and the last message", () => {
		const authentication = authenticate();
		expect(checkAll(authentication)).toBe(0);
		const chain = authority.identity(["leaf", "intermediate"]);
		authentication.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		// The intermediate's signature, the leaf's, and the answer.
		expect(checkAll(authentication)).toBe(3);
		authentication.receiveKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(chain.key))), RANDOMS);
		for (const type of FLIGHT) push(authentication.messages, type);
		expect(authentication.isComplete).toBe(false);
		expect(checkAll(authentication)).toBe(1);
		expect(authentication.isComplete).toBe(true);
	});

	test.each([
		["none", []],
		["SSL 3.0", [3, 0]],
		["TLS 1.1", [3, 2]],
		["TLS 1.3", [3, 4]],
	])("refuses an answer in %s", (_, version) => {
		expect(() => authenticate().receiveHello(Uint8Array.from(version))).toThrow(
			expect.objectContaining({ message: "the server speaks no TLS 1.2", alert: 70 }),
		);
		expect(() => authenticate().receiveHello(Uint8Array.of(3, 3))).not.toThrow();
	});

	/** A ServerHello's body, with a session id and extensions of a type and a content. */
	const hello = (...extensions: readonly (readonly [number, readonly number[]])[]): Uint8Array => {
		const list = extensions.flatMap(([type, content]) => [type >> 8, type & 0xff, 0, content.length, ...content]);
		const head = [3, 3, ...RANDOMS.subarray(32), 2, 0xff, 1, 0xc0, 0x2b, 0];
		return Uint8Array.from(extensions.length > 0 ? [...head, 0, list.length, ...list] : head);
	};

	test("takes an answer for a connection's first handshake, or one that says nothing of it", () => {
		const first = [0xff01, [0]] as const;
		const other = [0x000b, [1, 0]] as const;
		for (const extensions of [[], [first], [other], [other, first], [first, other]]) {
			expect(() => authenticate().receiveHello(hello(...extensions))).not.toThrow();
		}
	});

	test.each([
		["verify data of an earlier one", [2, 7, 7]],
		["more than a length", [0, 0]],
		["nothing at all", []],
		["a length without verify data", [1]],
	])("refuses an answer that takes the handshake for a renegotiation: %s", (_, content) => {
		for (const before of [[], [[0x000b, [1, 0]]]] as const) {
			expect(() => authenticate().receiveHello(hello(...before, [0xff01, content]))).toThrow(
				expect.objectContaining({ message: expect.stringContaining("continuation of another"), alert: 40 }),
			);
		}
	});

	test("is not complete before the last message", () => {
		const authentication = authenticate();
		const chain = authority.identity(["leaf", "intermediate"]);
		authentication.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		checkAll(authentication);
		authentication.receiveKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(chain.key))), RANDOMS);
		checkAll(authentication);
		expect(authentication.isComplete).toBe(false);
	});

	test("refuses a key exchange that is signed with another key, and is then never complete", () => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		checkAll(authentication);
		const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		authentication.receiveKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(privateKey)), RANDOMS);
		for (const type of FLIGHT) push(authentication.messages, type);
		expect(() => authentication.check()).toThrow(expect.objectContaining({ name: "TlsError", alert: 51 }));
		expect(checkAll(authentication)).toBe(0);
		expect(authentication.isComplete).toBe(false);
	});

	test("keeps the key of the certificate, whatever becomes of the buffer that it came in", () => {
		const authentication = authenticate();
		const buffer = certificateList(authority.der("leaf"), authority.der("intermediate"));
		authentication.receiveCertificates(buffer);
		checkAll(authentication);
		buffer.fill(0);
		const key = createPrivateKey(authority.identity(["leaf"]).key);
		authentication.receiveKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(key)), RANDOMS);
		expect(checkAll(authentication)).toBe(1);
	});

	test("takes one key exchange alone, and none before the certificates are judged", () => {
		const authentication = authenticate();
		const chain = authority.identity(["leaf", "intermediate"]);
		const body = keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(chain.key)));
		const exchange = () => authentication.receiveKeyExchange(body, RANDOMS);
		authentication.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		expect(exchange).toThrow("a key exchange without a certificate");
		authentication.check();
		expect(exchange).toThrow("a key exchange without a certificate");
		checkAll(authentication);
		expect(exchange).not.toThrow();
		expect(exchange).toThrow("a key exchange without a certificate");
	});

	test("refuses a list of certificates that is cut anywhere, or longer than it says", () => {
		const list = certificateList(authority.der("leaf"), authority.der("intermediate"));
		for (let length = 1; length < list.length; length++) {
			const cut = () => authenticate().receiveCertificates(list.subarray(0, length));
			expect(cut).toThrow("does not hold together");
		}
		expect(() => authenticate().receiveCertificates(Uint8Array.from([...list, 0]))).toThrow("does not hold together");
		const tooLong = certificateList(Uint8Array.of(1, 2, 3));
		tooLong[5] = 4;
		expect(() => authenticate().receiveCertificates(tooLong)).toThrow("does not hold together");
	});

	test("keeps no more of a list of certificates than are taken", () => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList(...Array.from({ length: 5_000 }, () => new Uint8Array(0))));
		expect(() => checkAll(authentication)).toThrow("The server sent 9 certificates, more than 8");
	});

	test("refuses an empty list", () => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList());
		expect(() => checkAll(authentication)).toThrow("The server sent no certificate");
	});

	test("accepts no key exchange before certificates, and none after certificates that are refused", () => {
		const body = keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(authority.identity(["leaf"]).key)));
		const unasked = authenticate();
		expect(() => unasked.receiveKeyExchange(body, RANDOMS)).toThrow("a key exchange without a certificate");
		const refused = authenticate("other.example.com");
		refused.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		expect(() => checkAll(refused)).toThrow(/not for "other\.example\.com"/);
		expect(() => refused.receiveKeyExchange(body, RANDOMS)).toThrow("a key exchange without a certificate");
	});

	test.each([
		["an unknown CA", "selfSigned", 48],
		["an expired certificate", "leafExpired", 45],
		["a forged one", "leafForged", 42],
	] as const)("tells the server of %s by alert", (_, name, alert) => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList(authority.der(name), authority.der("intermediate")));
		expect(() => checkAll(authentication)).toThrow(expect.objectContaining({ name: "TlsError", alert }));
	});

	test("the certificates of these tests are what they are called", () => {
		expect(new X509Certificate(authority.der("leaf")).checkHost(HOST)).toBe(HOST);
		expect(parseCertificate(authority.der("intermediate")).extensions.isCa).toBe(true);
		expect(parseCertificate(authority.der("intermediateNotCa")).extensions.isCa).toBe(false);
	});
});
