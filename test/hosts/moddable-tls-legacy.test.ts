import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { LEGACY_ACCEPTED, LEGACY_REFUSED } from "./moddable/handshakes/legacy.ts";
import { describeWithModdableAndOpenSsl, SDK } from "./moddable/sdk.ts";
import { TlsApp } from "./moddable/tls-app.ts";

/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;

describeWithModdableAndOpenSsl("TLS 1.0 and 1.1 on Moddable's simulator, in a build for them", () => {
	let app: TlsApp | undefined;

	beforeAll(async () => {
		if (SDK === undefined) return;
		app = new TlsApp();
		const handshakes = [...LEGACY_ACCEPTED, ...LEGACY_REFUSED];
		await app.run(SDK, "tls-legacy-cases", "hosts/device/tls/legacy/manifest.json", handshakes);
	}, BUILD_TIMEOUT);

	afterAll(() => app?.end());

	test.each(LEGACY_ACCEPTED)("accepts $name", (each) => {
		expect(app?.verdictOn(each)).toMatch(each.outcome);
	});

	test.each(LEGACY_REFUSED)("refuses $name", (each) => {
		expect(app?.verdictOn(each)).toMatch(each.outcome);
	});
});
