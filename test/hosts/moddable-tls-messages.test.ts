import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AFTER_HANDSHAKE, HANDSHAKE, HandshakeReader } from "../../hosts/device/tls/handshake-reader.ts";
import { OFFERED_ALGORITHMS, readServerKeyExchange } from "../../hosts/device/tls/key-exchange.ts";
import { RecordStream } from "../../hosts/device/tls/record-stream.ts";
import { ServerAuthentication } from "../../hosts/device/tls/server-authentication.ts";
import { type EcPublicKey, parseCertificate } from "../../src/tls/index.ts";
import { describeWithOpenSsl } from "../support/tls/certificates.ts";
import { Authority, HOST } from "./moddable/authority.ts";
import { verifyOnNode } from "./openssl/node-verifier.ts";

const FLIGHT = [
	HANDSHAKE.serverHello,
	HANDSHAKE.certificate,
	HANDSHAKE.serverKeyExchange,
	HANDSHAKE.serverHelloDone,
	HANDSHAKE.finished,
];

/** A message of the handshake: type, length of three octets, content. */
function message(type: number, length = 3): Uint8Array {
	return Uint8Array.from([
		type,
		length >> 16,
		(length >> 8) & 0xff,
		length & 0xff,
		...Array<number>(length).fill(type),
	]);
}

/** Hands over a message, and new keys before the one that is encrypted. */
function push(reader: HandshakeReader, type: number): void {
	if (type === HANDSHAKE.finished) reader.changeKeys();
	reader.push(message(type));
}

function drained(reader: HandshakeReader): Uint8Array[] {
	const messages: Uint8Array[] = [];
	for (let next = reader.next(); next; next = reader.next()) messages.push(next);
	return messages;
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
	const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
	return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
}

describe("the handshake's messages", () => {
	test("come out whole and in order, wherever records cut them", () => {
		const messages = FLIGHT.slice(0, -1).map((type) => message(type, 40 * type));
		const bytes = Uint8Array.from(messages.flatMap((each) => [...each]));
		fc.assert(
			fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
				const reader = new HandshakeReader();
				const found: Uint8Array[] = [];
				for (const piece of cutAt(bytes, cuts)) {
					reader.push(piece);
					found.push(...drained(reader));
				}
				expect(found.map((each) => [...each])).toEqual(messages.map((each) => [...each]));
				expect([reader.isFinished, reader.isEmpty]).toEqual([false, true]);
				push(reader, HANDSHAKE.finished);
				expect([reader.isFinished, reader.isEmpty]).toEqual([true, false]);
			}),
		);
	});

	test("each other order is refused", () => {
		fc.assert(
			fc.property(fc.shuffledSubarray(FLIGHT, { minLength: 1 }), (types) => {
				const isPrefix = types.every((type, at) => type === FLIGHT[at]);
				const reader = new HandshakeReader();
				const feed = () => {
					for (const type of types) push(reader, type);
				};
				if (isPrefix) feed();
				else expect(feed).toThrow(/^(handshake message \d+ came|new keys) after/);
			}),
		);
	});

	test.each([1, 4, 15, 16, 24, 255])("a message of type %i is none of a server's", (type) => {
		expect(() => new HandshakeReader().push(message(type))).toThrow(`handshake message ${type} came after 0`);
	});

	test("a HelloRequest is ignored at any time, and has no content", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT) {
			reader.push(message(HANDSHAKE.helloRequest, 0));
			push(reader, type);
		}
		reader.push(message(HANDSHAKE.helloRequest, 0));
		expect(drained(reader)).toHaveLength(FLIGHT.length);
		expect(() => reader.push(message(HANDSHAKE.helloRequest, 1))).toThrow("handshake message 0 came after 20");
	});

	test("new keys come once, between the server's last message in the open and its first that is not", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT.slice(0, -1)) {
			expect(() => reader.changeKeys()).toThrow(/^new keys after handshake message \d+$/);
			reader.push(message(type));
		}
		expect(() => reader.push(message(HANDSHAKE.finished))).toThrow("handshake message 20 came after 14");
		reader.changeKeys();
		expect(() => reader.changeKeys()).toThrow("new keys after handshake message 14");
		reader.push(message(HANDSHAKE.finished));
		expect(() => reader.changeKeys()).toThrow("new keys after handshake message 20");
	});

	test("new keys within a message are refused", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT.slice(0, -1)) reader.push(message(type));
		reader.push(Uint8Array.of(HANDSHAKE.helloRequest));
		expect(() => reader.changeKeys()).toThrow("new keys after");
	});

	test("a message that claims more than 16 KB is refused by its header", () => {
		const reader = new HandshakeReader();
		expect(() => reader.push(Uint8Array.of(HANDSHAKE.serverHello, 0, 0x40, 1))).toThrow("16385 bytes, more than 16384");
	});
});

describe("after the handshake", () => {
	test("requests for another one are passed over", () => {
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(4))).not.toThrow();
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(8))).not.toThrow();
	});

	test("all else is refused", () => {
		for (const type of FLIGHT) expect(() => AFTER_HANDSHAKE.push(message(type))).toThrow("wants another handshake");
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(3))).toThrow("wants another handshake");
		expect(() => AFTER_HANDSHAKE.changeKeys()).toThrow("wants another handshake");
	});
});

describe("the records under a session", () => {
	/** Reads as the SDK does: five bytes, then what they announce. */
	function readRecord(stream: RecordStream): Uint8Array {
		const header = new Uint8Array(5);
		for (let at = 0; at < 5; at++) stream.read(header.subarray(at, at + 1));
		const body = new Uint8Array(((header[3] ?? 0) << 8) | (header[4] ?? 0));
		stream.read(body.subarray(0, 1));
		stream.read(body.subarray(1));
		return body;
	}

	test("are read across the pieces that they arrive in", () => {
		const records = [
			[22, 3, 3, 0, 3, 1, 2, 3],
			[23, 3, 3, 0, 1, 4],
		];
		const bytes = Uint8Array.from(records.flat());
		fc.assert(
			fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
				const stream = new RecordStream(
					() => true,
					() => undefined,
				);
				for (const piece of cutAt(bytes, cuts)) stream.push(piece);
				expect(stream.readable).toBe(bytes.length);
				expect([...readRecord(stream)]).toEqual([1, 2, 3]);
				expect([...readRecord(stream)]).toEqual([4]);
			}),
		);
	});

	test.each([
		["HTTP", [0x48, 0x54, 0x54, 0x50, 0x2f], "does not speak TLS on this port"],
		["SSL 2", [0x80, 0x2e, 1, 3, 1], "does not speak TLS on this port"],
		["another major version", [22, 4, 0, 0, 1], "does not speak TLS on this port"],
		["an empty record", [22, 3, 3, 0, 0], "a record of 0 bytes"],
		["a record over the limit", [23, 3, 3, 0x40, 25], "a record of 16409 bytes"],
	])("%s is refused by its header", (_, header, reason) => {
		const stream = new RecordStream(
			() => true,
			() => undefined,
		);
		stream.push(Uint8Array.from(header));
		expect(() => stream.read(new Uint8Array(5))).toThrow(reason);
	});

	test("a ChangeCipherSpec is told of by its header, and may be refused", () => {
		const changeKeys = () => {
			throw new Error("too early");
		};
		const stream = new RecordStream(() => true, changeKeys);
		stream.push(Uint8Array.from([22, 3, 3, 0, 1, 0, 20, 3, 3, 0, 1]));
		expect([...readRecord(stream)]).toEqual([0]);
		expect(() => stream.read(new Uint8Array(5))).toThrow("too early");
	});

	test("what is written in one flight goes on in one piece, also when the flight fails", () => {
		const written: number[][] = [];
		const stream = new RecordStream(
			(bytes) => written.push([...bytes]) > 1,
			() => undefined,
		);
		expect(
			stream.inOneFlight(() => {
				stream.write(Uint8Array.of(1, 2));
				return stream.write(Uint8Array.of(3));
			}),
		).toBeGreaterThan(0);
		expect([stream.hasRoom, written]).toEqual([false, [[1, 2, 3]]]);
		const fail = () => {
			stream.write(Uint8Array.of(4));
			throw new Error("no more");
		};
		expect(() => stream.inOneFlight(fail)).toThrow("no more");
		stream.write(Uint8Array.of(5));
		expect(written.slice(1)).toEqual([[4], [5]]);
	});

	test("the largest record is read", () => {
		const stream = new RecordStream(
			() => true,
			() => undefined,
		);
		stream.push(Uint8Array.from([23, 3, 3, 0x40, 24]));
		expect(() => stream.read(new Uint8Array(5))).not.toThrow();
	});

	test("what is written goes on, and whether there is room comes back", () => {
		const written: number[] = [];
		const stream = new RecordStream(
			(bytes) => written.push(bytes.length) < 2,
			() => undefined,
		);
		stream.write(new Uint8Array(3));
		expect(stream.hasRoom).toBe(true);
		stream.write(new Uint8Array(4));
		expect([stream.hasRoom, written]).toEqual([false, [3, 4]]);
	});
});

const RANDOMS = new Uint8Array(64).fill(7);
const PARAMETERS = Uint8Array.from([3, 0, 23, 65, 4, ...Array<number>(64).fill(9)]);

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
	const read = (body: Uint8Array) => readServerKeyExchange(body, RANDOMS, key, verifyOnNode);

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

	const authenticate = (host = HOST, now = () => Date.now() / 1_000): ServerAuthentication =>
		new ServerAuthentication({
			host,
			now,
			anchors: [authority.der("root")],
			insecure: false,
			verifySignature: verifyOnNode,
		});

	test("is complete after certificates, a signed key exchange and the last message", () => {
		const authentication = authenticate();
		expect(authentication.checkCertificates()).toBe(false);
		const chain = authority.identity(["leaf", "intermediate"]);
		authentication.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		expect(authentication.checkCertificates()).toBe(true);
		authentication.checkKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(chain.key))), RANDOMS);
		expect(authentication.isComplete).toBe(false);
		for (const type of FLIGHT) push(authentication.messages, type);
		expect(authentication.isComplete).toBe(true);
	});

	test("keeps the key of the certificate, whatever becomes of the buffer that it came in", () => {
		const authentication = authenticate();
		const buffer = certificateList(authority.der("leaf"), authority.der("intermediate"));
		authentication.receiveCertificates(buffer);
		authentication.checkCertificates();
		buffer.fill(0);
		const key = createPrivateKey(authority.identity(["leaf"]).key);
		expect(() =>
			authentication.checkKeyExchange(keyExchange(PARAMETERS, 0x0403, signedBy(key)), RANDOMS),
		).not.toThrow();
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
		expect(() => authentication.checkCertificates()).toThrow("The server sent 9 certificates, more than 8");
	});

	test("refuses an empty list", () => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList());
		expect(() => authentication.checkCertificates()).toThrow("The server sent no certificate");
	});

	test("accepts no key exchange before certificates, and none after certificates that are refused", () => {
		const body = keyExchange(PARAMETERS, 0x0403, signedBy(createPrivateKey(authority.identity(["leaf"]).key)));
		const unasked = authenticate();
		expect(() => unasked.checkKeyExchange(body, RANDOMS)).toThrow("a key exchange without a certificate");
		const refused = authenticate("other.example.com");
		refused.receiveCertificates(certificateList(authority.der("leaf"), authority.der("intermediate")));
		expect(() => refused.checkCertificates()).toThrow(/not for "other\.example\.com"/);
		expect(() => refused.checkKeyExchange(body, RANDOMS)).toThrow("a key exchange without a certificate");
	});

	test.each([
		["an unknown CA", "selfSigned", 48],
		["an expired certificate", "leafExpired", 45],
		["a forged one", "leafForged", 42],
	] as const)("tells the server of %s by alert", (_, name, alert) => {
		const authentication = authenticate();
		authentication.receiveCertificates(certificateList(authority.der(name), authority.der("intermediate")));
		expect(() => authentication.checkCertificates()).toThrow(expect.objectContaining({ name: "TlsError", alert }));
	});

	test("the certificates of these tests are what they are called", () => {
		expect(new X509Certificate(authority.der("leaf")).checkHost(HOST)).toBe(HOST);
		expect(parseCertificate(authority.der("intermediate")).extensions.isCa).toBe(true);
		expect(parseCertificate(authority.der("intermediateNotCa")).extensions.isCa).toBe(false);
	});
});
