import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Certificate, parseCertificate, validatePath } from "../../src/tls/index.ts";
import { certificate, certificateNames, describeWithOpenSsl } from "../support/tls/certificates.ts";
import { requestOf } from "../support/tls/request.ts";
import { ACCEPTED } from "../vectors/tls-accepted.ts";
import type { TlsCase } from "../vectors/tls-case.ts";
import { REFUSED } from "../vectors/tls-refused.ts";
import { verifyOnNode } from "./openssl/node-verifier.ts";
import { opensslVerify } from "./openssl/openssl-verify.ts";

/** keyUsage's bit of RFC 5280 section 4.2.1.3, without which Node calls nothing a CA. */
const KEY_CERT_SIGN = 0x04;

/** Where our answer is another one than that of `openssl verify`, and our reason. */
const OPENSSL_DIFFERS: Readonly<Record<string, string>> = {
	"the bundled root of two with the same name, without key identifiers": "we try every issuer of that name",
	"and the other way round": "we try every issuer of that name",
	"a cross-signed intermediate, of which one root is bundled": "we try every issuer of that name",
	"the same with the other root": "we try every issuer of that name",
	"a forged intermediate with a genuine one beside it": "we try every issuer of that name",
	"an intermediate without CA rights with a genuine one beside it": "we try every issuer of that name",
	"a bundled root past its date": "we trust a root until it is taken out of the bundle",
	"a leaf for any purpose": "any purpose includes ours",
	"a host in other letters and with a trailing dot": "we take the dot off",
	"a host by common name alone": "the common name does not count",
	"a bundled root of X.509 version 1": "version 1 cannot say that it is a CA",
	"a longer path than is followed": "our limits are for small devices",
	"an EC leaf for key encipherment alone": "our key exchanges have the server sign",
	"an RSA leaf for key encipherment alone": "our key exchanges have the server sign",
	"a pinned RSA certificate for key encipherment alone": "our key exchanges have the server sign",
	"an EC leaf for key agreement alone": "our key exchanges have the server sign",
	"RSA-PSS": "not supported here",
	Ed25519: "not supported here",
	"P-521": "not supported here",
	"a wildcard that reaches an excluded name": "a wildcard counts for all that it stands for",
	"a constraint that cannot be compared": "mail addresses are not compared here",
};

describeWithOpenSsl("validatePath on Node's cryptography", () => {
	test.each(ACCEPTED)("accepts $title", (each) => {
		expect(validatePath(requestOf(each, verifyOnNode))).toMatchObject({ ok: true });
	});

	test.each(REFUSED)("refuses $title", (each) => {
		expect(validatePath(requestOf(each, verifyOnNode))).toMatchObject({ ok: false, reason: each.reason });
	});
});

describeWithOpenSsl("validatePath and `openssl verify`", () => {
	let folder = "";
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "motehub-verify-"));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	const ask = (each: TlsCase) => {
		const request = requestOf(each, verifyOnNode);
		const [ours, theirs] = [validatePath(request), opensslVerify(folder, request)];
		return { ours, theirs, agreed: ours.ok === theirs.ok };
	};
	const cases = [...ACCEPTED, ...REFUSED].filter(({ sent }) => sent.length > 0);

	test.each(cases.filter(({ title }) => !(title in OPENSSL_DIFFERS)))("agree on $title", (each) => {
		expect(ask(each)).toMatchObject({ agreed: true });
	});

	test.each(cases.filter(({ title }) => title in OPENSSL_DIFFERS))("differ on $title", (each) => {
		expect(ask(each)).toMatchObject({ agreed: false });
	});
});

/** What both parsers know. */
function facts({ notBefore, notAfter, publicKey, extensions }: Certificate) {
	const isCa = extensions.isCa && ((extensions.keyUsage ?? 0xff) & KEY_CERT_SIGN) !== 0;
	return { notBefore, notAfter, spki: Buffer.from(publicKey.spki).toString("hex"), isCa };
}

function factsByNode({ validFrom, validTo, publicKey, ca }: X509Certificate): ReturnType<typeof facts> {
	const [notBefore, notAfter] = [Date.parse(validFrom) / 1_000, Date.parse(validTo) / 1_000];
	const spki = publicKey.export({ type: "spki", format: "der" }).toString("hex");
	return { notBefore, notAfter, spki, isCa: ca };
}

describeWithOpenSsl("parseCertificate", () => {
	test.each(certificateNames())("reads %s as Node does", (name) => {
		const der = certificate(name);
		expect(facts(parseCertificate(der))).toEqual(factsByNode(new X509Certificate(der)));
	});
});

describe("Node's root store", () => {
	const roots = rootCertificates.map((pem) => new X509Certificate(pem));

	test.each(roots.map((x509) => ({ subject: x509.subject.replaceAll("\n", ", "), x509 })))("$subject", ({ x509 }) => {
		const root = parseCertificate(x509.raw);
		expect(facts(root)).toEqual(factsByNode(x509));
		const request = { certificates: [x509.raw], host: "", insecure: true, verifySignature: verifyOnNode };
		const { notBefore } = root;
		expect(validatePath({ ...request, anchors: [], now: notBefore })).toMatchObject({ reason: "self-signed" });
	});
});
