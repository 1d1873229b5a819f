import type { Seconds } from "../ports/index.ts";
import { bytesEqual } from "./bytes.ts";
import { contextTag, DerReader, readSequence, TAG } from "./der.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { type PublicKey, readPublicKey } from "./public-key.ts";
import { type RefusedAlgorithm, readSignatureAlgorithm, type SignatureAlgorithm } from "./signature-algorithm.ts";
import { readTime } from "./time.ts";

/** An X.509 certificate (RFC 5280 section 4.1). All octets are views on the bytes that it was read from. */
export interface Certificate {
	/** The whole certificate, in DER. */
	readonly der: Uint8Array;
	readonly version: 1 | 2 | 3;
	/** The issuer's Name, in DER. */
	readonly issuer: Uint8Array;
	readonly notBefore: Seconds;
	/** The last second of validity. */
	readonly notAfter: Seconds;
	/** The subject's Name, in DER. */
	readonly subject: Uint8Array;
	readonly publicKey: PublicKey;
	readonly extensions: Extensions;
	readonly signatureAlgorithm: SignatureAlgorithm | RefusedAlgorithm;
}

/** Reads one certificate. Throws `DerError` for anything that is not exactly one well-formed certificate. */
export function parseCertificate(der: Uint8Array): Certificate {
	const sequence = readSequence(der);
	const tbs = sequence.enter(TAG.sequence);
	const algorithm = sequence.element(TAG.sequence);
	sequence.octetsOfBits();
	sequence.finish();
	return readTbs(der, tbs, algorithm);
}

/** A certificate's signature. */
export interface SignedParts {
	/** What is signed, header included. */
	readonly tbs: Uint8Array;
	readonly algorithm: SignatureAlgorithm | RefusedAlgorithm;
	readonly signature: Uint8Array;
}

// Of a certificate that has been found well-formed, these read a part alone: the whole takes much more time and RAM.

export function signedParts(der: Uint8Array): SignedParts {
	const sequence = new DerReader(der).enter(TAG.sequence);
	const tbs = sequence.element(TAG.sequence);
	const algorithm = readSignatureAlgorithm(sequence);
	return { tbs, algorithm, signature: sequence.octetsOfBits() };
}

/** The issuer's Name, in DER. */
export function readIssuer(der: Uint8Array): Uint8Array {
	return skipToIssuer(der).element(TAG.sequence);
}

/** The subject's Name, in DER. Of any octets: throws `DerError` if it does not come so far. */
export function readSubject(der: Uint8Array): Uint8Array {
	return skipToSubject(der).element(TAG.sequence);
}

export function readKey(der: Uint8Array): PublicKey {
	const reader = skipToSubject(der);
	reader.take(TAG.sequence);
	return readPublicKey(reader);
}

function skipToIssuer(der: Uint8Array): DerReader {
	const reader = new DerReader(der).enter(TAG.sequence).enter(TAG.sequence);
	readVersion(reader);
	reader.integer();
	reader.take(TAG.sequence); // The algorithm.
	return reader;
}

function skipToSubject(der: Uint8Array): DerReader {
	const reader = skipToIssuer(der);
	reader.take(TAG.sequence);
	reader.take(TAG.sequence); // The validity.
	return reader;
}

function readTbs(der: Uint8Array, reader: DerReader, outerAlgorithm: Uint8Array): Certificate {
	const version = readVersion(reader);
	reader.integer(); // The serial number.
	// RFC 5280 section 4.1.1.2: the algorithm outside is not signed, so only its equal inside makes it binding.
	if (!bytesEqual(reader.element(TAG.sequence), outerAlgorithm)) throw reader.error("signature algorithms differ");
	const signatureAlgorithm = readSignatureAlgorithm(new DerReader(outerAlgorithm));
	const issuer = reader.element(TAG.sequence);
	const validity = reader.enter(TAG.sequence);
	const notBefore = readTime(validity);
	const notAfter = readTime(validity);
	validity.finish();
	const subject = reader.element(TAG.sequence);
	const publicKey = readPublicKey(reader);
	if (version > 1) skipUniqueIds(reader);
	const extensions = readExtensions(version === 3 ? extensionList(reader) : undefined);
	reader.finish();
	return { der, version, issuer, notBefore, notAfter, subject, publicKey, extensions, signatureAlgorithm };
}

/** Version 1 is the default and is left out; 2 and 3 are written as one less. */
function readVersion(reader: DerReader): 1 | 2 | 3 {
	const tag = contextTag(0, "constructed");
	if (reader.tag !== tag) return 1;
	const explicit = reader.enter(tag);
	const value = explicit.unsigned();
	explicit.finish();
	if (value.length === 1 && value[0] === 1) return 2;
	if (value.length === 1 && value[0] === 2) return 3;
	throw reader.error("unknown version");
}

function skipUniqueIds(reader: DerReader): void {
	reader.skip(contextTag(1, "primitive"));
	reader.skip(contextTag(2, "primitive"));
}

function extensionList(reader: DerReader): DerReader | undefined {
	const tag = contextTag(3, "constructed");
	if (reader.tag !== tag) return undefined;
	const explicit = reader.enter(tag);
	const list = explicit.enter(TAG.sequence);
	explicit.finish();
	return list;
}
