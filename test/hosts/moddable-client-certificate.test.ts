import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { createHub, type Hub } from "../../hosts/hub/index.ts";
import { describeWithModdable } from "./moddable/sdk.ts";
import { startMosquitto } from "./support/brokers.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command, isInstalled } from "./support/command.ts";

const program = (tool: "ca" | "moddable"): string =>
	fileURLToPath(new URL(`../../dist/tools/${tool}/main.js`, import.meta.url));
const BUILD_TIMEOUT = 300_000;
const testWithMosquitto = isInstalled("mosquitto") ? test : test.skip;

describeWithModdable("the firmware's client certificate", () => {
	let authority: TestAuthority;
	let server: { readonly certificate: string; readonly key: string };
	let hub: Hub;
	const closing: (() => Promise<unknown>)[] = [];

	beforeAll(async () => {
		authority = await TestAuthority.make();
		const { certificate, key } = await authority.issue("CN=broker");
		server = { certificate: authority.write("server.pem", certificate), key: authority.write("server.key", key) };
		const tls = { ...server, clientCa: { file: authority.ca }, clientCertificate: "required" } as const;
		hub = await createHub({ allowAnonymous: true, listeners: { secure: { type: "tls", port: 0, tls } } });
	});
	afterEach(async () => {
		for (const close of closing.splice(0)) await close();
	});
	afterAll(async () => {
		await hub.close();
		authority.remove();
	});

	/** Bundles the CA, and an identity of `issuer`'s making. */
	async function bundle(name: string, issuer: TestAuthority): Promise<string> {
		const { certificate, key } = await issuer.issue("CN=kitchen", { usage: "client" });
		const [certificateFile, keyFile] = [issuer.write(`${name}.pem`, certificate), issuer.write(`${name}.key`, key)];
		const folder = join(authority.folder, name);
		const client = ["--client-cert", certificateFile, "--client-key", keyFile];
		const tool = new Command(process.execPath, [program("ca"), authority.ca, ...client, "--out", folder]);
		expect(await tool.exitCode()).toBe(0);
		return folder;
	}

	function device(port: number, certificates: string): Command {
		const broker = ["--broker", "127.0.0.1", "--port", String(port), "--client-id", "dut"];
		const command = new Command(process.execPath, [
			program("moddable"),
			"run",
			...broker,
			"--certificate",
			certificates,
		]);
		closing.push(() => command.dispose());
		return command;
	}

	test(
		"lets it into our hub, which asks for one",
		async () => {
			const command = device(hub.addresses[0]?.port ?? 0, await bundle("kitchen", authority));
			await command.prints(/^info: online /m);
			expect(command.stdout).not.toContain("PRIVATE");
		},
		BUILD_TIMEOUT,
	);

	test(
		"that our hub does not believe keeps it out, and it says what may be the cause",
		async () => {
			const stranger = await TestAuthority.make("CN=Stranger");
			const command = device(hub.addresses[0]?.port ?? 0, await bundle("stranger", stranger));
			await command.prints(/^info: offline \(phase=tls, .*may not accept our client certificate/m);
			stranger.remove();
		},
		BUILD_TIMEOUT,
	);

	testWithMosquitto(
		`lets it into Mosquitto, as the user that the certificate names${isInstalled("mosquitto") ? "" : " (needs mosquitto)"}`,
		async () => {
			const tls = [`certfile ${server.certificate}`, `keyfile ${server.key}`, `cafile ${authority.ca}`];
			const asking = ["require_certificate true", "use_identity_as_username true"];
			// As another user it could not read the key; without root this line means nothing.
			const broker = await startMosquitto([...tls, ...asking, "user root"]);
			closing.push(() => broker.close());
			await device(broker.port, await bundle("kitchen", authority)).prints(/^info: online /m);
		},
		BUILD_TIMEOUT,
	);
});
