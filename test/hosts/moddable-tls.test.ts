import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ACCEPTED } from "./moddable/handshakes/accepted.ts";
import { CLIENT_ACCEPTED, CLIENT_REFUSED } from "./moddable/handshakes/client.ts";
import { HAND_MADE, MISCHIEF } from "./moddable/handshakes/hand-made.ts";
import { CUT, REFRAMED } from "./moddable/handshakes/reframed.ts";
import { REFUSED } from "./moddable/handshakes/refused.ts";
import { TAMPERED } from "./moddable/handshakes/tampered.ts";
import { describeWithModdableAndOpenSsl, SDK } from "./moddable/sdk.ts";
import { TlsApp } from "./moddable/tls-app.ts";

const RIGHT = [...ACCEPTED, ...CLIENT_ACCEPTED, ...REFRAMED, ...HAND_MADE];
const WRONG = [...REFUSED, ...CLIENT_REFUSED, ...TAMPERED, ...CUT, ...MISCHIEF];
/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;

describeWithModdableAndOpenSsl("TLS on Moddable's simulator", () => {
	let app: TlsApp | undefined;

	beforeAll(async () => {
		if (SDK === undefined) return;
		app = new TlsApp();
		await app.run(SDK, "tls-cases", "hosts/device/tls/manifest.json", [...RIGHT, ...WRONG]);
	}, BUILD_TIMEOUT);

	afterAll(() => app?.end());

	test.each(RIGHT)("accepts $name", (each) => {
		expect(app?.verdictOn(each)).toMatch(each.outcome);
	});

	test.each(WRONG)("refuses $name", (each) => {
		expect(app?.verdictOn(each)).toMatch(each.outcome);
	});

	test("takes a signed update, and none whose signature or key is none", () => {
		expect(app?.stdout).toMatch(/^signature of an update: right$/m);
		expect(app?.stdout.match(/^a key that is none: .*$/gm)).toEqual([
			"a key that is none: UsageError",
			"a key that is none: right",
		]);
	});

	test("checks signatures as OpenSSL does, with the SDK's arithmetic", () => {
		const lines = app?.stdout.match(/^signature .*$/gm) ?? [];
		expect(lines.filter((line) => line.endsWith(": wrong"))).toEqual([]);
		expect(lines.length).toBeGreaterThan(20);
		for (const kind of ["ecdsa-sha256 ec", "ecdsa-sha384 ec", "rsa-sha256 rsa"]) {
			expect(lines).toContain(`signature ${kind}: right`);
		}
	});
});
