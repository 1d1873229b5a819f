import { expect, test } from "@jest/globals";
import { type PathRequest, validatePath } from "../../../src/tls/index.ts";
import { certificate, describeWithOpenSsl, recordedVerdicts } from "../../support/tls/certificates.ts";
import { requestOf } from "../../support/tls/request.ts";
import { ACCEPTED } from "../../vectors/tls-accepted.ts";
import { NOW } from "../../vectors/tls-certificates.ts";
import { REFUSED } from "../../vectors/tls-refused.ts";

/** 2025-01-01T00:00:00Z and 2045-01-01T00:00:00Z: the validity of what the recipes give no dates of their own. */
const FIRST = 1_735_689_600;
const LAST = 2_366_841_600;

describeWithOpenSsl("validatePath", () => {
	const verifySignature = recordedVerdicts();

	test.each(ACCEPTED)("accepts $title", (each) => {
		const result = validatePath(requestOf(each, verifySignature));
		expect(result).toMatchObject({ ok: true });
		expect(result.ok && result.path).toEqual((each.path ?? [...each.sent, ...each.anchors]).map(certificate));
	});

	test.each(REFUSED)("refuses $title", (each) => {
		const result = validatePath(requestOf(each, verifySignature));
		expect(result).toEqual({ ok: false, reason: each.reason, message: expect.stringContaining(each.names ?? ".") });
	});

	const chain: PathRequest = {
		certificates: [certificate("leaf"), certificate("intermediate")],
		anchors: [certificate("root")],
		host: "broker.example.com",
		now: NOW,
		verifySignature,
	};
	const verdictAt = (now: number) => {
		const result = validatePath({ ...chain, now });
		return result.ok ? "accepted" : result.reason;
	};

	test("holds to the first and the last second of validity", () => {
		expect(verdictAt(FIRST - 1)).toBe("not-yet-valid");
		expect(verdictAt(FIRST)).toBe("accepted");
		expect(verdictAt(LAST)).toBe("accepted");
		expect(verdictAt(LAST + 1)).toBe("expired");
	});

	test("refuses with a clock that is not set or not a number", () => {
		expect(verdictAt(0)).toBe("not-yet-valid");
		expect(verdictAt(Number.NaN)).toBe("not-yet-valid");
		expect(verdictAt(Number.NEGATIVE_INFINITY)).toBe("not-yet-valid");
		expect(verdictAt(Number.POSITIVE_INFINITY)).toBe("expired");
	});
});
