import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeWithModdable } from "./moddable/sdk.ts";
import { freePort, type RunningBroker, startMosquitto } from "./support/brokers.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command, isInstalled } from "./support/command.ts";
import { Observer } from "./support/observer.ts";

const program = (tool: "ca" | "moddable"): string =>
	fileURLToPath(new URL(`../../dist/tools/${tool}/main.js`, import.meta.url));
const BUILD_TIMEOUT = 300_000;
const HAS_MOSQUITTO = isInstalled("mosquitto");
const testWithMosquitto = HAS_MOSQUITTO ? test : test.skip;
const NEEDS = HAS_MOSQUITTO ? "" : " (needs mosquitto)";

describeWithModdable("the firmware on Moddable's simulator, with Mosquitto", () => {
	let authority: TestAuthority;
	let broker: RunningBroker | undefined;
	let observer: Observer | undefined;
	let running: Command | undefined;
	let bundle = "";
	const ports = { tls: 0, webSocket: 0 };

	beforeAll(async () => {
		authority = await TestAuthority.make();
		const { certificate, key } = await authority.issue("CN=mosquitto");
		const files = [
			`certfile ${authority.write("server.pem", certificate)}`,
			`keyfile ${authority.write("server.key", key)}`,
		];
		bundle = join(authority.folder, "bundle");
		await new Command(process.execPath, [program("ca"), authority.ca, "--out", bundle]).exitCode();
		if (!HAS_MOSQUITTO) return;
		ports.tls = await freePort();
		ports.webSocket = await freePort();
		const secure = [`listener ${ports.tls} 127.0.0.1`, ...files];
		const webSocket = [`listener ${ports.webSocket} 127.0.0.1`, "protocol websockets", ...files];
		// As another user it could not read the key; without root the first line means nothing.
		broker = await startMosquitto(["user root", "allow_anonymous true", ...secure, ...webSocket]);
		observer = await Observer.start(broker.port);
	});
	afterEach(async () => {
		await running?.dispose();
		running = undefined;
	});
	afterAll(async () => {
		await observer?.end();
		await broker?.close();
		authority.remove();
	});

	/** Starts it, waits for a reading, and gives it a command. */
	async function isOfUse(port: number, ...args: readonly string[]): Promise<void> {
		if (observer === undefined) return;
		observer.heard.length = 0;
		const settings = ["--broker", "localhost", "--port", String(port), "--client-id", "dut", "--interval", "1"];
		running = new Command(process.execPath, [program("moddable"), "run", ...settings, ...args]);
		await running.prints(/^info: online /m);
		const state = await observer.hears("state", /uptime/, 2);
		expect(JSON.parse(state.text)).toMatchObject({ temperature: expect.any(Number) });
		await observer.command("identify", "2");
		await running.prints(/^identify: here, for 2 s$/m);
	}

	testWithMosquitto(
		`publishes and obeys over TCP${NEEDS}`,
		() => isOfUse(broker?.port ?? 0, "--protocol", "5"),
		BUILD_TIMEOUT,
	);

	testWithMosquitto(
		`publishes and obeys over TLS${NEEDS}`,
		() => isOfUse(ports.tls, "--certificate", bundle),
		BUILD_TIMEOUT,
	);

	testWithMosquitto(
		`publishes and obeys over WebSocket over TLS${NEEDS}`,
		() => isOfUse(ports.webSocket, "--certificate", bundle, "--transport", "websockets", "--ws-path", "/mqtt"),
		BUILD_TIMEOUT,
	);
});
