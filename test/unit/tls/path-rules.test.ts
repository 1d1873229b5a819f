import { describe, expect, test } from "@jest/globals";
import { signedParts } from "../../../src/tls/certificate.ts";
import {
	DEVICE_PATH_LIMITS,
	type PathRequest,
	type PathResult,
	PathValidation,
	parseCertificate,
	type SignatureQuestion,
	type VerifySignature,
	validatePath,
} from "../../../src/tls/index.ts";
import { rsaKeyFault } from "../../../src/tls/public-key.ts";
import { der, directoryName, distinguishedName, dnsName, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";
import { EC_ALGORITHM, extension, extensions, type Parts, syntheticCertificate } from "../../support/tls/synthetic.ts";
import { NOW } from "../../vectors/tls-certificates.ts";

const HOST = "broker.example.com";
const ALWAYS: VerifySignature = () => true;
const CA_RIGHTS = extension("551d13", sequence(fromHex("0101ff")));
const permitting = (...names: readonly string[]) =>
	extension("551d1e", sequence(der(0xa0, ...names.map((name) => sequence(directoryName(name))))));

/** A CA named `subject`, issued by `issuer`. */
const ca = (subject: string, issuer: string, ...more: readonly Uint8Array[]) =>
	syntheticCertificate({
		subject: distinguishedName(subject),
		issuer: distinguishedName(issuer),
		extensions: extensions(CA_RIGHTS, ...more),
	});
const leaf = (issuer: string, parts: Parts = {}) =>
	syntheticCertificate({
		subject: distinguishedName("leaf"),
		issuer: distinguishedName(issuer),
		extensions: extensions(extension("551d11", sequence(dnsName(HOST)))),
		...parts,
	});

const ask = (
	certificates: readonly Uint8Array[],
	anchors: readonly Uint8Array[],
	options: Partial<PathRequest> = {},
) => {
	const result = validatePath({ certificates, anchors, host: HOST, now: NOW, verifySignature: ALWAYS, ...options });
	return result.ok ? "accepted" : result.reason;
};

describe("with a port that finds every signature good, validatePath", () => {
	test("takes what is in order", () => {
		expect(ask([leaf("a"), ca("a", "root")], [ca("root", "root")])).toBe("accepted");
	});

	test.each([
		["no DER", "030500 01020304"],
		["r = 0", "030900 3006020100020101"],
		["something after it", "030b00 30060201010201010500"],
	])("refuses a signature with %s before it asks the port", (_, hex) => {
		expect(ask([leaf("root", { signature: fromHex(hex) })], [ca("root", "root")])).toBe("bad-signature");
	});

	test("refuses a signature by a key of another kind", () => {
		const innerAlgorithm = fromHex("300d06092a864886f70d01010b0500");
		expect(ask([leaf("root", { innerAlgorithm })], [ca("root", "root")])).toBe("bad-signature");
	});

	test("finds no issuer for an empty name", () => {
		const nameless = { subject: sequence(), issuer: sequence(), extensions: extensions(CA_RIGHTS) };
		const orphan = leaf("", { issuer: sequence() });
		expect(ask([orphan], [syntheticCertificate(nameless)])).toBe("unknown-ca");
	});

	test("prefers the issuer with the key identifier that is asked for", () => {
		const authorityKeyId = extension("551d23", sequence(fromHex("8001aa")));
		const keyId = (hex: string) => extension("551d0e", der(0x04, fromHex(hex)));
		const san = extension("551d11", sequence(dnsName(HOST)));
		const asking = leaf("root", { extensions: extensions(san, authorityKeyId) });
		const [wrong, none, right] = [ca("root", "root", keyId("bb")), ca("root", "root"), ca("root", "root", keyId("aa"))];
		const chosen = (...anchors: readonly Uint8Array[]) => {
			const result = validatePath({ certificates: [asking], anchors, host: HOST, now: NOW, verifySignature: ALWAYS });
			return result.ok && result.path[1];
		};
		expect(chosen(wrong, none, right)).toBe(right);
		expect(chosen(wrong, none)).toBe(none);
		expect(chosen(wrong)).toBe(wrong);
	});

	test("judges each pair of certificates for itself", () => {
		const [first, second] = [ca("root", "root"), ca("root", "root", extension("551d0e", der(0x04, fromHex("aa"))))];
		const [one, two] = [parseCertificate(first), parseCertificate(second)];
		let asked = 0;
		const verifySignature: VerifySignature = () => ++asked > 1;
		expect(one.subject).toEqual(two.subject);
		expect(ask([leaf("root")], [first, second], { verifySignature })).toBe("accepted");
		expect(asked).toBe(2);
	});
});

describe("path validation in steps", () => {
	const root = ca("root", "root");
	const chain = [leaf("a"), ca("a", "root")];
	const validation = (certificates = chain) =>
		new PathValidation({ certificates, anchors: [root], host: HOST, now: NOW });
	const signedOf = (step: PathResult | SignatureQuestion) => ("ok" in step ? undefined : step.signed);

	test("asks about each signature from the anchor down, then answers, and stays with the answer", () => {
		const steps = validation();
		for (const certificate of [...chain].reverse()) {
			expect(signedOf(steps.next())).toEqual(signedParts(certificate).tbs);
			steps.approve();
		}
		expect(steps.next()).toMatchObject({ ok: true, path: [...chain, root], key: { kind: "ec" } });
		expect(steps.next()).toMatchObject({ ok: true });
	});

	test("takes no signature for genuine that nobody has approved", () => {
		const steps = validation();
		expect(signedOf(steps.next())).toBeDefined();
		expect(steps.next()).toMatchObject({ ok: false, reason: "bad-signature" });
		expect(steps.next()).toMatchObject({ ok: false, reason: "bad-signature" });
	});

	test("takes an approval for the signature that was asked about alone", () => {
		const steps = validation();
		steps.next();
		steps.approve();
		steps.approve();
		expect(signedOf(steps.next())).toEqual(signedParts(leaf("a")).tbs);
		expect(steps.next()).toMatchObject({ ok: false, reason: "bad-signature" });
	});

	test("asks about none where the answer does not depend on it", () => {
		for (const certificates of [[], [leaf("other")], [fromHex("00")], [leaf("leaf")]]) {
			expect(validation(certificates).next()).toMatchObject({ ok: false });
		}
		expect(validation([root]).next()).toMatchObject({ ok: false, reason: "wrong-host" });
	});
});

describe("name constraints", () => {
	const root = ca("root", "root");

	test("hold for intermediates as well as for the leaf", () => {
		const chain = (permitted: readonly string[]) => [
			leaf("b"),
			ca("b", "a"),
			ca("a", "root", permitting(...permitted)),
		];
		expect(ask(chain(["leaf", "b"]), [root])).toBe("accepted");
		expect(ask(chain(["leaf"]), [root])).toBe("name-constraint");
		expect(ask(chain(["b"]), [root])).toBe("name-constraint");
	});

	test("exempt self-issued intermediates, but not a self-issued leaf", () => {
		const constrained = ca("a", "root", permitting("leaf"));
		const chain = [leaf("a"), ca("a", "a"), constrained];
		const result = validatePath({
			certificates: chain,
			anchors: [root],
			host: HOST,
			now: NOW,
			verifySignature: ALWAYS,
		});
		expect(result.ok && result.path).toEqual([...chain, root]);
		const selfIssued = leaf("a", { subject: distinguishedName("a") });
		expect(ask([selfIssued], [ca("a", "root")])).toBe("accepted");
		expect(ask([selfIssued], [constrained])).toBe("self-signed");
	});

	test("of the bundled certificate count", () => {
		expect(ask([leaf("root")], [ca("root", "root", permitting("leaf"))])).toBe("accepted");
		expect(ask([leaf("root")], [ca("root", "root", permitting("other"))])).toBe("name-constraint");
	});
});

describe("keys", () => {
	const point = (hex: string, length: number) =>
		sequence(EC_ALGORITHM, der(0x03, fromHex(`00${hex}`), new Uint8Array(length)));

	test.each([
		["a compressed point", point("02", 32)],
		["a hybrid point", point("06", 64)],
		["a point that is too short", point("04", 63)],
		["a point that is too long", point("04", 65)],
	])("with %s are not supported", (_, key) => {
		expect(ask([leaf("root", { key })], [ca("root", "root")])).toBe("unsupported-algorithm");
	});

	const rsa = (modulus: string, exponent: string) =>
		rsaKeyFault(
			{ kind: "rsa", spki: fromHex(""), modulus: fromHex(modulus), exponent: fromHex(exponent) },
			DEVICE_PATH_LIMITS.maxRsaBits,
		);
	const octets = (count: number, first = "ff") => `${first}${"ff".repeat(count - 1)}`;

	test.each([
		["2,048 bits", octets(256), "010001"],
		["4,096 bits", octets(512), "010001"],
		["an exponent of 32 bits", octets(256), "ffffffff"],
	])("of RSA with %s are fit", (_, modulus, exponent) => {
		expect(rsa(modulus, exponent)).toBeUndefined();
	});

	test.each([
		["2,047 bits", octets(256, "7f"), "010001", "RSA of 2047 bits"],
		["4,097 bits", octets(513, "01"), "010001", "RSA of 4097 bits"],
		["no modulus", "", "010001", "RSA of 0 bits"],
		["an even modulus", `${octets(255)}fe`, "010001", "unfit"],
		["an even exponent", octets(256), "010000", "unfit"],
		["exponent 3", octets(256), "03", "unfit"],
		["exponent 65,535", octets(256), "ffff", "unfit"],
		["an exponent of 33 bits", octets(256), "0100000001", "unfit"],
		["no exponent", octets(256), "", "unfit"],
	])("of RSA with %s are not", (_, modulus, exponent, fault) => {
		expect(rsa(modulus, exponent)).toContain(fault);
	});
});
