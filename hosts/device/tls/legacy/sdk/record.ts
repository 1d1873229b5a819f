import { Digest } from "crypt";
import record from "motehub/sdk/record";
import RNG from "rng";
import { BLOCK, padded, unpadded } from "../cbc-padding.ts";
import type { CbcCipher, RecordProtocol, RecordSession } from "./record-protocol.ts";

/** Octets of a record's header: type, version, length. */
const HEADER = 5;
/** From here on each record brings its own initialization vector. */
const TLS_1_1 = 0x302;

/**
 * The manifest of `legacy` puts this in the place of the SDK's module `ssl/record`, which still does all that is not
 * encrypted. Encrypted are records with AES-CBC and HMAC-SHA-1 alone (RFC 2246 and RFC 4346, section 6.2.3.2).
 */
const legacyRecord: RecordProtocol = {
	...record,
	unpacketize(session, bytes) {
		if (session.serverCipher === null) record.unpacketize(session, bytes);
		else receive(session, session.serverCipher, new Uint8Array(bytes));
	},
	packetize(session, type, content) {
		const { clientCipher, protocolVersion } = session;
		if (clientCipher === null) return record.packetize(session, type, content);
		// In TLS 1.0 the next vector is known beforehand; what an attacker can choose must not be the first in its block.
		const split = protocolVersion < TLS_1_1 && type === record.application_data && content.length > 1 ? 1 : 0;
		const first = split === 0 ? new Uint8Array(0) : send(session, clientCipher, type, content.subarray(0, split));
		return joined(first, send(session, clientCipher, type, content.subarray(split)));
	},
};

function receive(session: RecordSession, cipher: CbcCipher, bytes: Uint8Array): void {
	const { protocolVersion } = session;
	const [type = 0, major = 0, minor = 0] = bytes;
	if (((major << 8) | minor) !== protocolVersion) throw new Error(`a record of version ${major}.${minor}`);
	const vector = protocolVersion < TLS_1_1 ? 0 : BLOCK;
	const encrypted = bytes.subarray(HEADER + vector);
	if (encrypted.length === 0 || encrypted.length % BLOCK !== 0) throw new Error("a record that is cut off");
	if (vector > 0) cipher.enc.setIV(bytes.slice(HEADER, HEADER + vector).buffer);
	cipher.enc.decrypt(encrypted, encrypted);
	const content = unpadded(encrypted, (text) => macOf(session, cipher, session.readSeqNum, type, text), hash);
	if (content === undefined) throw new Error("a record that somebody has changed");
	session.readSeqNum++;
	record.tlsPlainText.unpacketize(session, type, content);
}

function send(session: RecordSession, cipher: CbcCipher, type: number, content: Uint8Array): Uint8Array {
	const { protocolVersion } = session;
	const block = padded(content, macOf(session, cipher, session.writeSeqNum, type, content));
	session.writeSeqNum++;
	const vector = protocolVersion < TLS_1_1 ? new ArrayBuffer(0) : RNG.get(BLOCK);
	if (vector.byteLength > 0) cipher.enc.setIV(vector);
	const length = vector.byteLength + block.length;
	const bytes = new Uint8Array(HEADER + length);
	bytes.set([type, protocolVersion >> 8, protocolVersion & 0xff, length >> 8, length & 0xff]);
	bytes.set(new Uint8Array(vector), HEADER);
	bytes.set(new Uint8Array(cipher.enc.encrypt(block)), HEADER + vector.byteLength);
	return bytes;
}

function macOf(
	{ protocolVersion }: RecordSession,
	{ hmac }: CbcCipher,
	number: bigint,
	type: number,
	content: Uint8Array,
): Uint8Array {
	return new Uint8Array(record.tlsCipherText.calculateMac(hmac, number, type, protocolVersion, content));
}

function hash(octets: number): void {
	new Digest("SHA1").process(new Uint8Array(octets));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
	if (a.length === 0) return b;
	const bytes = new Uint8Array(a.length + b.length);
	bytes.set(a);
	bytes.set(b, a.length);
	return bytes;
}

export default legacyRecord;
