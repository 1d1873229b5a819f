import { generateKeyPairSync, sign } from "node:crypto";
import { statementOf } from "../../../hosts/device/update/offer.ts";
import type { ModdableSdk } from "../../../tools/moddable/sdk.ts";
import type { Command } from "../support/command.ts";
import { startApp, writeApp } from "./app.ts";
import { Authority } from "./authority.ts";
import { configOf, type Handshake, resourcesOf } from "./handshakes/handshake.ts";
import type { TestServer } from "./tls-servers.ts";
import { verdictsModule } from "./verdicts.ts";

const FROM_BUILD_FOLDER = "../../..";

/** The application of `apps/tls-cases.ts`, and the servers that it calls. */
export class TlsApp {
	readonly #authority = new Authority();
	#servers: readonly TestServer[] = [];
	#app: Command | undefined;

	/** Builds it with the TLS of a manifest (from the project's folder), and waits until it has called them all. */
	async run(sdk: ModdableSdk, name: string, tls: string, handshakes: readonly Handshake[]): Promise<void> {
		this.#servers = await Promise.all(handshakes.map((each) => each.start(this.#authority)));
		const ders = Object.fromEntries(handshakes.flatMap((each) => resourcesOf(each, this.#authority)));
		const manifest = manifestOf(tls, handshakes, this.#servers, Object.keys(ders));
		const folder = writeApp(name, { ...ders, "manifest.json": manifest, "verdicts.js": verdictsModule() });
		this.#app = await startApp(sdk, folder);
		await this.#app.prints(/^all cases done$/m);
	}

	/** What it has printed. */
	get stdout(): string {
		return this.#app?.stdout ?? "";
	}

	verdictOn({ name }: Handshake): string | undefined {
		const line = this.stdout.split("\n").find((each) => each.startsWith(`case ${name}: `));
		return line?.slice(`case ${name}: `.length);
	}

	async end(): Promise<void> {
		await this.#app?.dispose();
		for (const server of this.#servers) server.close();
		this.#authority.remove();
	}
}

function manifestOf(
	tls: string,
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
			`${FROM_BUILD_FOLDER}/${tls}`,
		],
		config: { update: signedUpdate(), cases: handshakes.map((each, at) => configOf(each, servers[at]?.port ?? 0)) },
		creation: { main: "motehub/test/hosts/apps/tls-cases", stack: 512 },
		modules: {
			"motehub/test/hosts/apps/tls-cases": `${FROM_BUILD_FOLDER}/dist/test/hosts/apps/tls-cases`,
			verdicts: "./verdicts",
		},
		data: { "*": names.map((name) => `./${name}`) },
	};
}

/** As a person signs it, with OpenSSL's own code. */
function signedUpdate(): object {
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const offer = { version: "2.0.0", size: 1_000_000, sha256: "0f".repeat(32) };
	const statement = statementOf(offer, 1_795_385_289);
	return {
		key: publicKey.export({ format: "der", type: "spki" }).toString("hex"),
		statement: Buffer.from(statement).toString("hex"),
		signature: sign("sha256", statement, privateKey).toString("hex"),
	};
}
