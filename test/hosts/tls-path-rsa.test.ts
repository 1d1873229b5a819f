import { constants, createHash, publicDecrypt, X509Certificate } from "node:crypto";
import { expect, test } from "@jest/globals";
import { signedParts } from "../../src/tls/certificate.ts";
import { parseCertificate, pkcs1Encoding, type SignatureAlgorithm } from "../../src/tls/index.ts";
import { certificate, describeWithOpenSsl } from "../support/tls/certificates.ts";
import type { CertificateName } from "../vectors/tls-certificates.ts";

describeWithOpenSsl("pkcs1Encoding", () => {
	test.each<[CertificateName, CertificateName, SignatureAlgorithm]>([
		["leafUnderRsa", "intermediateRsa", "rsa-sha256"],
		["intermediateRsa", "rootRsa", "rsa-sha384"],
		["leafUnderRsaSha512", "intermediateRsa", "rsa-sha512"],
	])("is what the signature of %s by %s turns into", (subject, issuer, algorithm) => {
		const parsed = parseCertificate(certificate(subject));
		const { tbs, signature } = signedParts(parsed.der);
		expect(parsed.signatureAlgorithm).toBe(algorithm);
		const key = new X509Certificate(certificate(issuer)).publicKey;
		const block = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
		const digest = createHash(algorithm.slice(4)).update(tbs).digest();
		expect(Buffer.from(pkcs1Encoding(algorithm, digest, signature.length) ?? [])).toEqual(block);
	});
});
