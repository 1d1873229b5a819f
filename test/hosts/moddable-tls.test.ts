import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startApp, writeApp } from "./moddable/app.ts";
import { Authority } from "./moddable/authority.ts";
import { ACCEPTED } from "./moddable/handshakes/accepted.ts";
import { CLIENT_ACCEPTED, CLIENT_REFUSED } from "./moddable/handshakes/client.ts";
import { configOf, type Handshake, resourcesOf } from "./moddable/handshakes/handshake.ts";
import { CUT, REFRAMED } from "./moddable/handshakes/reframed.ts";
import { REFUSED } from "./moddable/handshakes/refused.ts";
import { TAMPERED } from "./moddable/handshakes/tampered.ts";
import { describeWithModdableAndOpenSsl, SDK } from "./moddable/sdk.ts";
import type { TestServer } from "./moddable/tls-servers.ts";
import { verdictsModule } from "./moddable/verdicts.ts";
import type { Command } from "./support/command.ts";

const RIGHT = [...ACCEPTED, ...CLIENT_ACCEPTED, ...REFRAMED];
const WRONG = [...REFUSED, ...CLIENT_REFUSED, ...TAMPERED, ...CUT];
const HANDSHAKES = [...RIGHT, ...WRONG];
/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;
const FROM_BUILD_FOLDER = "../../..";

/** The application of `apps/tls-cases.ts` and the certificates that it trusts. */
function manifestOf(
	handshakes: readonly Handshake[],
	servers: readonly TestServer[],
	names: readonly string[],
): object {
	return {
		include: [
			"$(MODDABLE)/examples/manifest_base.json",
			"$(MODDABLE)/examples/manifest_net.json",
			"$(MODDABLE)/modules/io/manifest.json",
			`${FROM_BUILD_FOLDER}/manifest.json`,
			`${FROM_BUILD_FOLDER}/hosts/device/tls/manifest.json`,
		],
		config: { cases: handshakes.map((each, at) => configOf(each, servers[at]?.port ?? 0)) },
		creation: { main: "motehub/test/hosts/apps/tls-cases", stack: 512 },
		modules: {
			"motehub/test/hosts/apps/tls-cases": `${FROM_BUILD_FOLDER}/dist/test/hosts/apps/tls-cases`,
			verdicts: "./verdicts",
		},
		data: { "*": names.map((name) => `./${name}`) },
	};
}

describeWithModdableAndOpenSsl("TLS on Moddable's simulator", () => {
	let authority: Authority;
	let servers: TestServer[] = [];
	let app: Command | undefined;

	beforeAll(async () => {
		if (SDK === undefined) return;
		authority = new Authority();
		servers = await Promise.all(HANDSHAKES.map((each) => each.start(authority)));
		const ders = Object.fromEntries(HANDSHAKES.flatMap((each) => resourcesOf(each, authority)));
		const manifest = manifestOf(HANDSHAKES, servers, Object.keys(ders));
		app = await startApp(
			SDK,
			writeApp("tls-cases", { ...ders, "manifest.json": manifest, "verdicts.js": verdictsModule() }),
		);
		await app.prints(/^all cases done$/m);
	}, BUILD_TIMEOUT);

	afterAll(async () => {
		await app?.dispose();
		for (const server of servers) server.close();
		authority?.remove();
	});

	const verdictOn = ({ name }: Handshake): string | undefined =>
		app?.stdout
			.split("\n")
			.find((line) => line.startsWith(`case ${name}: `))
			?.slice(`case ${name}: `.length);

	test.each(RIGHT)("accepts $name", (each) => {
		expect(verdictOn(each)).toMatch(each.outcome);
	});

	test.each(WRONG)("refuses $name", (each) => {
		expect(verdictOn(each)).toMatch(each.outcome);
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
