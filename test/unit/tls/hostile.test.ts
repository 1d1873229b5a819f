import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
	DEVICE_PATH_LIMITS,
	type PathLimits,
	type PathRequest,
	type VerifySignature,
	validatePath,
} from "../../../src/tls/index.ts";
import { certificate, describeWithOpenSsl, recordedVerdicts } from "../../support/tls/certificates.ts";
import { concat } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";
import { type CertificateName, NOW } from "../../vectors/tls-certificates.ts";

const GARBAGE = fromHex("deadbeef");

describeWithOpenSsl("validatePath, faced with hostile servers,", () => {
	const verifySignature = recordedVerdicts();
	const [leaf, intermediate, root] = [certificate("leaf"), certificate("intermediate"), certificate("root")];

	const ask = (certificates: readonly Uint8Array[], options: Partial<PathRequest> = {}) =>
		validatePath({ certificates, anchors: [root], host: "broker.example.com", now: NOW, verifySignature, ...options });
	const withLimits = (limits: Partial<PathLimits>) => ({ limits: { ...DEVICE_PATH_LIMITS, ...limits } });
	const named = (...names: readonly CertificateName[]) => names.map(certificate);

	test("refuses a leaf cut at any octet", () => {
		for (let length = 0; length < leaf.length; length++) {
			expect(ask([leaf.subarray(0, length), intermediate])).toMatchObject({ ok: false, reason: "malformed" });
		}
	});

	test("refuses an intermediate cut at any octet, and says which it is", () => {
		for (let length = 0; length < intermediate.length; length++) {
			const message = expect.stringContaining("Certificate 2 of those that the server sent");
			expect(ask([leaf, intermediate.subarray(0, length)])).toEqual({ ok: false, reason: "malformed", message });
		}
	});

	test("refuses a bundled certificate cut at any octet, and says which it is", () => {
		for (let length = 0; length < root.length; length++) {
			const message = expect.stringContaining("Bundled certificate 2");
			const anchors = [root, root.subarray(0, length)];
			expect(ask([leaf, intermediate], { anchors })).toEqual({ ok: false, reason: "bad-anchor", message });
		}
	});

	test("refuses a chain in which any octets were changed", () => {
		const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
		const changed = (der: Uint8Array, changes: readonly { at: number; by: number }[]) => {
			const copy = der.slice();
			for (const { at, by } of changes) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ by;
			return copy;
		};
		const differs = (copy: Uint8Array, der: Uint8Array) => copy.some((octet, at) => octet !== der[at]);
		fc.assert(
			fc.property(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 4 }), (first, changes) => {
				const bad = changed(first ? leaf : intermediate, changes);
				fc.pre(differs(bad, first ? leaf : intermediate));
				expect(ask(first ? [bad, intermediate] : [leaf, bad])).toMatchObject({ ok: false });
				expect(ask(first ? [bad, intermediate] : [leaf, bad], { insecure: true })).toMatchObject({ ok: false });
			}),
			{ numRuns: 300 },
		);
	});

	test("answers to any octets at all", () => {
		const list = fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 4 });
		fc.assert(fc.property(list, (certificates) => !ask(certificates).ok));
		fc.assert(fc.property(list, (certificates) => !ask([leaf, ...certificates]).ok));
	});

	test("passes over what it cannot read and does not need", () => {
		expect(ask([leaf, GARBAGE, intermediate])).toMatchObject({ ok: true });
		expect(ask([leaf, concat(), intermediate, GARBAGE])).toMatchObject({ ok: true });
	});

	test("takes no more certificates and no larger ones than its limits", () => {
		const { maxCertificates, maxCertificateBytes } = DEVICE_PATH_LIMITS;
		const padding = new Array<Uint8Array>(maxCertificates - 2).fill(GARBAGE);
		expect(ask([leaf, intermediate, ...padding])).toMatchObject({ ok: true });
		expect(ask([leaf, intermediate, ...padding, GARBAGE])).toMatchObject({ reason: "over-limit" });
		expect(ask([leaf, intermediate, new Uint8Array(maxCertificateBytes)])).toMatchObject({ ok: true });
		expect(ask([leaf, intermediate, new Uint8Array(maxCertificateBytes + 1)])).toMatchObject({ reason: "over-limit" });
		expect(ask([new Uint8Array(maxCertificateBytes + 1)])).toMatchObject({ reason: "over-limit" });
	});

	test("follows paths to the limit and no further", () => {
		const chain = named("leafLevel5", "level5", "level4", "level3", "level2", "level1");
		expect(ask(chain, withLimits({ maxDepth: 6 }))).toMatchObject({ reason: "over-limit" });
		expect(ask(chain, withLimits({ maxDepth: 7 }))).toMatchObject({ ok: true });
		expect(ask(chain, withLimits({ maxDepth: 7, maxSteps: 5 }))).toMatchObject({ reason: "over-limit" });
		expect(ask(chain, withLimits({ maxDepth: 7, maxSteps: 6 }))).toMatchObject({ ok: true });
	});

	test("takes no keys larger than its limit", () => {
		const certificates = named("leafUnderRsa", "intermediateRsa");
		const anchors = named("rootRsa");
		expect(ask(certificates, { anchors, ...withLimits({ maxRsaBits: 2_048 }) })).toMatchObject({ ok: true });
		expect(ask(certificates, { anchors, ...withLimits({ maxRsaBits: 2_047 }) })).toMatchObject({
			reason: "weak-algorithm",
		});
	});

	test("compares no more names than its limit", () => {
		const chain = named("leaf", "intermediatePermitted");
		expect(ask(chain, withLimits({ maxConstraintChecks: 15 }))).toMatchObject({ ok: true });
		expect(ask(chain, withLimits({ maxConstraintChecks: 14 }))).toMatchObject({ reason: "over-limit" });
	});

	/** Copies of a certificate that differ from it, and from each other, in an octet of the signature alone. */
	const forgeries = (name: CertificateName, count: number) =>
		Array.from({ length: count }, (_, index) => {
			const copy = certificate(name);
			copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ (index + 1);
			return copy;
		});

	const counting = () => {
		const keys: Uint8Array[] = [];
		const verify: VerifySignature = (algorithm, key, signed, signature) => {
			keys.push(key.spki);
			return verifySignature(algorithm, key, signed, signature);
		};
		return { keys, verify };
	};

	test("checks each signature once, and no more of them than its limit", () => {
		const { keys, verify } = counting();
		const others = forgeries("intermediate", 6);
		expect(ask([leaf, ...others, intermediate], { verifySignature: verify })).toMatchObject({ ok: true });
		// Six forgeries and the genuine one against the root, then the leaf against the genuine one.
		expect(keys.length).toBe(8);
		const tight = { verifySignature: verify, ...withLimits({ maxSignatureChecks: 7 }) };
		expect(ask([leaf, ...others, intermediate], tight)).toMatchObject({ ok: false, reason: "bad-signature" });
		expect(keys.length).toBe(8 + 7);
	});

	test("does not lose itself among certificates that all issue each other", () => {
		const { keys, verify } = counting();
		const others = forgeries("rollover", 7);
		const anchors = named("intermediatePathLength0");
		expect(ask([certificate("leafRollover"), ...others], { anchors, verifySignature: verify })).toMatchObject({
			ok: false,
		});
		expect(keys.length).toBeLessThanOrEqual(DEVICE_PATH_LIMITS.maxSignatureChecks);
	});

	test("uses no key before it knows whose it is", () => {
		const { keys, verify } = counting();
		ask(named("leafForged", "rogueIntermediate", "intermediateForged", "rogueRoot"), { verifySignature: verify });
		const rootKey = keys[0];
		expect(rootKey && indexOf(root, rootKey)).toBeGreaterThan(0);
		for (const key of keys) expect(key).toEqual(rootKey);
	});

	test("checks no signature where no name leads to a bundled certificate", () => {
		const { keys, verify } = counting();
		ask(named("leafOther", "otherRoot", "loopA", "loopB"), { verifySignature: verify });
		expect(keys.length).toBe(0);
	});

	test("prints nothing that could forge a line of a log", () => {
		const result = ask(named("leafHostileName", "intermediate"), { host: "evil.example" });
		expect(result).toMatchObject({ ok: false, message: expect.stringContaining('"CN=a\ufffdb\ufffdc"') });
	});
});

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
	for (let at = 0; at + part.length <= bytes.length; at++) {
		if (part.every((octet, index) => octet === bytes[at + index])) return at;
	}
	return -1;
}
