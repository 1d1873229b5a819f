import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { createHub, type Hub } from "../../hosts/hub/index.ts";
import { archive } from "../../tools/moddable/archive.ts";
import { type ModdableSdk, ToolFailed } from "../../tools/moddable/sdk.ts";
import { buildForSimulator } from "../../tools/moddable/simulator.ts";
import { startApp, writeApp } from "./moddable/app.ts";
import { installPackage } from "./moddable/package.ts";
import { describeWithModdable, SDK } from "./moddable/sdk.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command } from "./support/command.ts";
import { startHub } from "./support/running-hub.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const CA = join(PROJECT, "dist/tools/ca/main.js");
const LIBRARY = join(PROJECT, "manifest.json");
const STORAGE = "$(MODDABLE)/modules/io/storage/manifest.json";
/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;

/** The application that the README shows, which speaks to a hub on `port`. */
function exampleFor(port: number): string {
	const readme = readFileSync(join(PROJECT, "README.md"), "utf8");
	const [, code = ""] = /^```js\n(import \{ Client \} from "motehub\/client";\n.*?)^```$/ms.exec(readme) ?? [];
	return code.replace('host: "192.168.1.5"', `host: "127.0.0.1", port: ${port}`);
}

/** The README's application that speaks TLS, to a hub on `port`, and its manifest; what it trusts is in the folder `ca`. */
function tlsExampleFor(port: number): { readonly manifest: string; readonly main: string } {
	const readme = readFileSync(join(PROJECT, "README.md"), "utf8");
	const [, manifest = "", code = ""] =
		/^```json\n([^`]*tls\/manifest\.json[^`]*)^```\n\n```js\n(.*?)^```$/ms.exec(readme) ?? [];
	return {
		manifest: manifest.replaceAll("../motehub/", PROJECT),
		main: code.replace("broker.example", "localhost").replace("port: 8883", `port: ${port}`),
	};
}

/** What has bytecode in an ESP32 that runs this example, if it gets no more than it imports. */
const CLIENT_OVER_TCP = [
	"client",
	"codec",
	"device network",
	"mqtt-packet",
	"public names",
	"session",
	"the SDK's modules",
	"topic",
];

/** Imports each module of the library, and gives some of what it takes a type. */
const TYPED = `
import WiFi from "embedded:network/interface/wifi";
import { Client, type ClientState, type Message } from "motehub/client";
import { decodeUtf8 } from "motehub/codec";
import { BudgetedStore, KeyValueStore } from "motehub/device";
import { type BoardPorts, boardPorts, openTcp } from "motehub/device/network";
import { LinkedTransport, WiFiLink } from "motehub/device/wifi";
import { HomeAssistantDevice } from "motehub/homeassistant";
import { WebSocketTransport } from "motehub/websocket";

const ports: BoardPorts = boardPorts();
const link = new WiFiLink({ io: WiFi, ...ports });
const transport = new LinkedTransport(openTcp({ host: "127.0.0.1", port: PORT }, ports), link, ports.clock);
const onState = ({ kind }: ClientState): void => trace(kind + "\\n");
const client = new Client({ clientId: "typed", onState }, { ...ports, transport });
client.subscribe("example/text", ({ payload }: Message) => trace(decodeUtf8(payload, 0, payload.length) + "\\n"));
client.publish("example/text", [BudgetedStore, KeyValueStore, HomeAssistantDevice, WebSocketTransport].length + " more");
link.onChange((isUp) => isUp && client.retry());
client.start();
`;

/** What a board has and the simulator has not: TLS from flash, key-value storage, Wi-Fi. It hands in the SDK's own classes. */
const ON_A_BOARD = `
import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import WiFi from "embedded:network/interface/wifi";
import storage from "embedded:storage/key-value";
import Net from "net";
import Time from "time";
import Timer from "timer";
import { Client } from "motehub/client";
import { DeviceClock, Resolver, TcpTransport, TimedTransport, TimeKeeper } from "motehub/device";
import { boardPorts } from "motehub/device/network";
import { BudgetedStore, KeyValueStore, WRITES_PER_DAY } from "motehub/device/storage";
import { bundledTrust, TlsTransport } from "motehub/device/tls";
import { LinkedTransport, WiFiLink } from "motehub/device/wifi";

const ports = { ...boardPorts(), clock: new DeviceClock(Time, Timer) };
const flash = new KeyValueStore(storage.open({ path: "app", format: "buffer" }));
const store = new BudgetedStore(flash, { perDay: WRITES_PER_DAY, clock: ports.clock });
const host = "broker.example";
const trust = bundledTrust({ host, certificates: ["ca.der"], insecure: true, buildTime: 0 });
const resolver = new Resolver({ io: UDP, servers: () => Net.get("DNS"), ...ports });
const tcp = new TcpTransport({ host, port: 8883, io: TCP, resolver, ...ports });
const tls = new TlsTransport({ transport: tcp, trust, ...ports });
const keeper = new TimeKeeper({ io: UDP, time: Time, resolver, servers: ["pool.ntp.org"], earliest: 0, ...ports });
const link = new WiFiLink({ ssid: "home", password: "12345678", io: WiFi, ...ports });
const transport = new LinkedTransport(new TimedTransport(tls, keeper), link, ports.clock);
void new Client({ persist: true }, { ...ports, transport, store }).visit({ within: 10_000 });
`;

const STRICT = { tsconfig: { compilerOptions: { strict: true } } };

describeWithModdable("an application of somebody else's, built by the Moddable SDK", () => {
	let hub: Hub;
	let port: number;
	let sdk: ModdableSdk;
	let running: Command | undefined;

	beforeAll(async () => {
		if (SDK !== undefined) sdk = SDK;
		({ hub, port } = await startHub());
	});
	afterEach(async () => {
		await running?.dispose();
		running = undefined;
	});
	afterAll(() => hub.close());

	test(
		"needs the library's manifest alone: the README's example",
		async () => {
			const manifest = { include: LIBRARY, modules: { "*": "./main" } };
			running = await startApp(sdk, writeApp("library", { "manifest.json": manifest, "main.js": exampleFor(port) }));
			await running.prints(/^online $/m);
			await running.prints(/^kitchen\/light: on$/m);
		},
		BUILD_TIMEOUT,
	);

	test(
		"speaks TLS with what npm run ca bundles: the README's other example",
		async () => {
			const authority = await TestAuthority.make();
			const tls = { certificate: await authority.issueFile("server.pem", "CN=hub") };
			const secure = await createHub({ allowAnonymous: true, listeners: { secure: { type: "tls", port: 0, tls } } });
			const { manifest, main } = tlsExampleFor(secure.addresses[0]?.port ?? 0);
			const folder = writeApp("library-tls", { "manifest.json": manifest, "main.js": main });
			const ca = new Command(process.execPath, [CA, authority.ca, "--out", join(folder, "ca")]);
			expect(await ca.exitCode()).toBe(0);
			running = await startApp(sdk, folder);
			await running.prints(/^online $/m);
			await secure.close();
			authority.remove();
		},
		BUILD_TIMEOUT,
	);

	test(
		"gets what its manifest includes, and nothing else",
		async () => {
			const include = ["src/client", "hosts/device/network"].map((part) => join(PROJECT, part, "manifest.json"));
			const manifest = { include, modules: { "*": "./main" } };
			const folder = writeApp("library-parts", { "manifest.json": manifest, "main.js": exampleFor(port) });
			running = await startApp(sdk, folder);
			await running.prints(/^kitchen\/light: on$/m);
			const { bytecode } = await archive(sdk, folder);
			expect([...bytecode.keys()].sort()).toEqual(CLIENT_OVER_TCP);
		},
		BUILD_TIMEOUT,
	);

	test(
		"has the typings of every module, in strict mode",
		async () => {
			const manifest = { include: LIBRARY, modules: { "*": "./main" }, typescript: STRICT };
			const source = TYPED.replace("PORT", String(port));
			const folder = writeApp("library-typed", { "manifest.json": manifest, "main.ts": source });
			running = await startApp(sdk, folder);
			await running.prints(/^4 more$/m);
			writeApp("library-typed", { "main.ts": source.replace("host:", "hots:") });
			const failure = await buildForSimulator(sdk, folder).catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(ToolFailed);
			expect((failure as ToolFailed).output).toMatch(/main\.ts\(\d+,\d+\): error TS\d+: .*'hots' does not exist/);
		},
		BUILD_TIMEOUT,
	);

	test(
		"has the typings of what only a board has, which the classes of the SDK fit",
		async () => {
			const include = [LIBRARY, join(PROJECT, "hosts/device/tls/manifest.json"), STORAGE];
			const manifest = { include, modules: { "*": "./main" }, typescript: STRICT };
			const folder = writeApp("library-on-board", { "manifest.json": manifest, "main.ts": ON_A_BOARD });
			const { bytecode } = await archive(sdk, folder);
			expect(bytecode.get("TLS of ours")).toBeGreaterThan(3_000);
			const made = join(PROJECT, "build/moddable/tmp/esp32/release", basename(folder));
			expect(readFileSync(join(made, "modules/setup/network.xsb"), "latin1")).toContain("motehub/hosts/device/wifi");
		},
		BUILD_TIMEOUT,
	);

	test(
		"takes the npm package through mcpack, also for an ESP32",
		async () => {
			const manifest = { name: "library-packed", version: "1.0.0", type: "module", main: "main.js" };
			const folder = writeApp("library-packed", { "package.json": manifest, "main.js": exampleFor(port) });
			await installPackage(sdk, folder);
			running = await startApp(sdk, folder);
			await running.prints(/^kitchen\/light: on$/m);
			const { bytecode } = await archive(sdk, folder);
			expect([...bytecode.keys()].sort()).toEqual(CLIENT_OVER_TCP);
			expect(bytecode.get("client")).toBeGreaterThan(3_000);
		},
		BUILD_TIMEOUT,
	);
});
