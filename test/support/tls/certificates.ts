import { describe, test } from "@jest/globals";
import generated from "../../../build/tls-certificates.mjs";
import type { SignatureAlgorithm, VerifySignature } from "../../../src/tls/index.ts";
import type { CertificateName } from "../../vectors/tls-certificates.ts";
import type { Range } from "./generated.ts";
import { fromHex } from "./hex.ts";

/** `describe`, or where OpenSSL is missing, a skipped test in its place whose title says so. */
export function describeWithOpenSsl(title: string, body: () => void): void {
	if (generated.openssl === undefined) test.skip(`${title} (needs the openssl command, version 3)`, () => {});
	else describe(title, body);
}

/** A certificate that OpenSSL made for the tests, in DER. Each call gives octets of its own. */
export function certificate(name: CertificateName): Uint8Array {
	const hex = generated.certificates[name];
	if (hex === undefined) throw new Error(`OpenSSL made no certificate ${name}`);
	return fromHex(hex);
}

/** Names of all of them; none without OpenSSL. */
export function certificateNames(): CertificateName[] {
	return Object.keys(generated.certificates) as CertificateName[];
}

interface KnownSignature {
	readonly algorithm: SignatureAlgorithm;
	readonly key: Uint8Array;
	readonly signed: Uint8Array;
	readonly signature: Uint8Array;
}

/**
 * A port for engines without cryptography: it knows the octets of every good signature in the certificates above, as
 * Node's cryptography judged them when they were made. Any other octets are not a good signature.
 */
export function recordedVerdicts(): VerifySignature {
	const known = generated.verdicts.map((verdict): KnownSignature => {
		const [subject, issuer] = [
			certificate(verdict.subject as CertificateName),
			certificate(verdict.issuer as CertificateName),
		];
		const cut = (der: Uint8Array, [from, to]: Range) => der.subarray(from, to);
		return {
			algorithm: verdict.algorithm as SignatureAlgorithm,
			key: cut(issuer, verdict.key),
			signed: cut(subject, verdict.signed),
			signature: cut(subject, verdict.signature),
		};
	});
	return (algorithm, key, signed, signature) =>
		known.some(
			(one) =>
				one.algorithm === algorithm &&
				sameOctets(one.signature, signature) &&
				sameOctets(one.signed, signed) &&
				sameOctets(one.key, key.spki),
		);
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
