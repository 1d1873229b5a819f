import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { VERSION } from "../../hosts/device/firmware/version.ts";
import { createHub, type Hub } from "../../hosts/hub/index.ts";
import { archive } from "../../tools/moddable/archive.ts";
import { writeBuildManifest } from "../../tools/moddable/build-manifest.ts";
import { ToolFailed } from "../../tools/moddable/sdk.ts";
import { buildForSimulator } from "../../tools/moddable/simulator.ts";
import { describeWithModdable, SDK } from "./moddable/sdk.ts";
import { TestAuthority } from "./support/certificates.ts";
import { Command } from "./support/command.ts";
import { Observer } from "./support/observer.ts";
import { portOf, startOldTls } from "./support/old-tls-server.ts";

const program = (tool: "ca" | "moddable"): string =>
	fileURLToPath(new URL(`../../dist/tools/${tool}/main.js`, import.meta.url));
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const FIRMWARE = join(PROJECT, "hosts/device/firmware");
/** The first build compiles XS, with two cores for a minute. */
const BUILD_TIMEOUT = 300_000;

/** As the linker writes the text of a function. */
const inBytecode = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16)}`).join("");

let running: Command | undefined;
afterEach(async () => {
	await running?.dispose();
	running = undefined;
});

/** `npm run build:device`, `device:moddable` or `flash`, as their users start them. */
function moddable(...args: readonly string[]): Command {
	running = new Command(process.execPath, [program("moddable"), ...args]);
	return running;
}

describeWithModdable("the firmware on Moddable's simulator", () => {
	let authority: TestAuthority;
	let hub: Hub;
	let ports: readonly number[];
	let observer: Observer;
	let certificates = "";
	let identity = "";

	beforeAll(async () => {
		authority = await TestAuthority.make();
		identity = await authority.issueFile("server.pem", "CN=hub");
		const tls = { certificate: identity };
		const listeners = {
			plain: { type: "tcp", port: 0 },
			secure: { type: "tls", port: 0, tls },
			webSocket: { type: "wss", port: 0, tls },
		} as const;
		hub = await createHub({ allowAnonymous: true, listeners });
		ports = hub.addresses.map(({ port }) => port);
		observer = await Observer.start(ports[0] ?? 0);
		certificates = mkdtempSync(join(tmpdir(), "motehub-ca-"));
		await new Command(process.execPath, [program("ca"), authority.ca, "--out", certificates]).exitCode();
	});
	afterAll(async () => {
		await observer.end();
		await hub.close();
		authority.remove();
		rmSync(certificates, { recursive: true });
	});

	const device = (port: number | undefined, ...args: readonly string[]) =>
		moddable("run", "--broker", "127.0.0.1", "--port", String(port), "--client-id", "dut", "--interval", "1", ...args);

	test.each(["3.1", "3.1.1", "5"])(
		"publishes its readings and obeys commands in MQTT %s",
		async (protocol) => {
			observer.heard.length = 0;
			const command = device(ports[0], "--protocol", protocol);
			await command.prints(new RegExp(`^info: online \\(protocol=${protocol.replaceAll(".", "\\.")},`, "m"));
			const state = await observer.hears("state", /uptime/, 2);
			expect(JSON.parse(state.text)).toMatchObject({ temperature: expect.any(Number), uptime: expect.any(Number) });
			await observer.command("identify", "2");
			await command.prints(/^identify: here, for 2 s$/m);
			command.signal("SIGTERM");
			expect(await command.exitCode()).toBe(0);
		},
		BUILD_TIMEOUT,
	);

	test(
		"speaks TLS with the hub",
		async () => {
			observer.heard.length = 0;
			const command = device(ports[1], "--certificate", certificates);
			await command.prints(/^info: online /m);
			await observer.hears("state", /uptime/, 2);
		},
		BUILD_TIMEOUT,
	);

	test(
		"speaks TLS 1.0 with an old server, when it is built for that",
		async () => {
			observer.heard.length = 0;
			const old = await startOldTls("TLSv1", identity, ports[0] ?? 0);
			const command = device(portOf(old), "--certificate", certificates, "--tls-version", "1.0");
			await command.prints(/^info: online /m);
			await observer.hears("state", /uptime/, 2);
			await command.dispose();
			old.close();
		},
		BUILD_TIMEOUT,
	);

	test(
		"speaks MQTT over WebSocket over TLS with the hub",
		async () => {
			observer.heard.length = 0;
			const command = device(ports[2], "--certificate", certificates, "--transport", "websockets");
			await command.prints(/^info: online /m);
			await observer.hears("state", /uptime/, 2);
		},
		BUILD_TIMEOUT,
	);

	test(
		"says which CA is missing, and ends badly if what was waited for does not come",
		async () => {
			const stranger = await TestAuthority.make("CN=Stranger");
			const folder = join(stranger.folder, "ca");
			await new Command(process.execPath, [program("ca"), stranger.ca, "--out", folder]).exitCode();
			const command = device(ports[1], "--certificate", folder, "--until", "online", "--timeout", "3");
			expect(await command.exitCode()).toBe(1);
			expect(command.stderr).toBe(
				'building with the Moddable SDK: the first time takes a minute\nerror: no line with "online" within 3 s\n',
			);
			expect(command.stdout).toMatch(/^info: offline \(phase=tls, .*leads to "CN=Test CA", which is not bundled/m);
			stranger.remove();
		},
		BUILD_TIMEOUT,
	);

	test(
		"takes Home Assistant's names from mcconfig's own command line",
		async () => {
			if (SDK === undefined) return;
			const settings = ["broker=127.0.0.1", `port=${ports[0]}`, "client_id=bare", "keepalive=20", "protocol=5"];
			const { host, library } = await buildForSimulator(SDK, FIRMWARE, settings);
			const [banner = ""] = /motehub firmware \S+ built \d+/.exec(readFileSync(library, "latin1")) ?? [];
			running = new Command(host, [library]);
			await running.prints(new RegExp(`^info: ${banner.replaceAll(".", "\\.")} \\(`, "m"));
			await running.prints(/^info: online \(protocol=5, .*clientId=bare/m);
		},
		BUILD_TIMEOUT,
	);

	test.each<readonly [readonly string[], string, string?]>([
		[["port=99999"], 'config: mqtt.port must be a whole number from 1 to 65535, not "99999"'],
		[["mqtt.prot=5"], "config: unknown key mqtt.prot"],
		[
			["certificate=ca.der"],
			"config: mqtt.certificate asks for TLS 1.2: build the firmware of hosts/device/firmware/tls/",
		],
		[["certificate=ca.der", "tls_version=1.1"], "config: mqtt.certificate asks for TLS 1.1: build the firmware of"],
		[["brokr=192.168.1.5"], "config: unknown key brokr: is broker meant?"],
		[
			["certificate=missing.der"],
			'config: mqtt.certificate: "missing.der" is not bundled, nothing is: run npm run ca',
			"tls",
		],
		[["ssid=home", "password=short"], "config: password must be text of 8 to 64 characters"],
	])(
		"is not built by mcconfig with %j",
		async (settings, message, folder = "") => {
			if (SDK === undefined) return;
			const failure = await buildForSimulator(SDK, join(FIRMWARE, folder), settings).catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(ToolFailed);
			expect((failure as ToolFailed).output).toContain(`UsageError: ${message}`);
		},
		BUILD_TIMEOUT,
	);

	test(
		"goes as far as the Xtensa compiler for an ESP32",
		async () => {
			if (SDK === undefined) return;
			const updateKey = join(certificates, "update.pem");
			const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
			writeFileSync(updateKey, publicKey.export({ format: "pem", type: "spki" }));
			const { bytecode, heap, resources } = await archive(
				SDK,
				writeBuildManifest({ certificate: certificates, updateKey }),
			);
			for (const part of ["client", "codec", "certificate paths", "TLS of ours", "device network"]) {
				expect(bytecode.get(part)).toBeGreaterThan(3_000);
			}
			// Of its writer, a device has what our codec does not do itself, and no more.
			expect(bytecode.get("mqtt-packet")).toBeGreaterThan(1_700);
			expect(bytecode.get("mqtt-packet")).toBeLessThan(1_900);
			// What checks the configuration does so in the build, and is not linked.
			expect(bytecode.has("config")).toBe(false);
			const linked = readFileSync(join(PROJECT, "build/moddable/tmp/esp32/release/motehub/mc.xs.c"), "latin1");
			expect(linked.includes(inBytecode("is missing"))).toBe(true);
			expect(linked.includes(inBytecode("is not bundled, "))).toBe(false);
			// Whoever signs an offer finds in the image, as text, what it is of.
			expect(linked).toMatch(new RegExp(`"motehub firmware ${VERSION.replaceAll(".", "\\.")} built \\d{10}"`));
			// All that is made there has the passwords in it.
			expect(statSync(join(PROJECT, "build/moddable")).mode & 0o777).toBe(0o700);
			expect(heap).toBeGreaterThan(100_000);
			expect(resources).toBeGreaterThan(200);
			const made = join(PROJECT, "build/moddable/tmp/esp32/release/motehub");
			const sdkconfig = readFileSync(join(made, "xsProj-esp32/sdkconfig.mc"), "utf8");
			expect(sdkconfig).toMatch(/^CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y$/m);
			const makefile = readFileSync(join(made, "makefile"), "utf8");
			expect(makefile).toMatch(/^\txsc \S+\/firmware\/boards\/network-setup\.js\b/m);
			expect(makefile).not.toContain("esp32/setup/network.js");
			expect(readFileSync(join(made, "mc.ffi.c"), "utf8")).toContain("esp_ota_mark_app_valid_cancel_rollback()");
		},
		BUILD_TIMEOUT,
	);
});

describe("the tools around the Moddable SDK", () => {
	test.each([
		[["build", "--port", "99999"], /^error: config: mqtt\.port must be a whole number from 1 to 65535, not 99999$/m],
		[["build", "--protocol", "4"], /^error: config: mqtt\.protocol must be one of 3\.1, 3\.1\.1, 5, not "4"$/m],
		[["build", "--tls-insecure"], /mqtt\.tls_insecure is given without mqtt\.certificate, and so without TLS: run/],
		[["build", "--tls-version", "1.3"], /tls_version must be auto, 1\.2, 1\.1 or 1\.0: the device speaks none above/],
		[["build", "--password", "secret"], /^error: config: mqtt\.password is given without mqtt\.username/m],
		[["build", "--interval", "0"], /^error: config: firmware\.interval must be a whole number from 1/m],
		[["build", "--nonsense"], /unknown option/],
		[
			["build", "--brokr", "b"],
			/^error: unknown option '--brokr' \(Did you mean --broker\?\); --help lists the options\n$/,
		],
		[
			["flash", "HOME"],
			/^error: unexpected argument 'HOME': .* with npm the options follow --; --help lists the options\n$/,
		],
		[["build", "--broker", "192.168.1"], /^error: config: mqtt\.broker: 192\.168\.1 is no IPv4 address: it takes four/],
		[["flash", "--ssid", ""], /^error: option '--ssid <name>' argument '' is invalid\. It must not be empty; --help/],
		[[], /Usage: moddable/],
	])("refuse %j before anything is built", async (args, message) => {
		const command = moddable(...args);
		expect(await command.exitCode()).toBe(2);
		expect(command.stderr).toMatch(message);
		expect(command.stderr).not.toContain("secret");
	});

	test("keep settings for the owner alone, also where the file was for everybody", async () => {
		const manifest = join(PROJECT, "build/device/motehub/manifest.json");
		writeBuildManifest({});
		chmodSync(manifest, 0o644);
		expect(await moddable("build", "--broker", "b", "--username", "u", "--password", "secret").exitCode()).toBe(0);
		expect(readFileSync(manifest, "utf8")).toContain("secret");
		expect(statSync(manifest).mode & 0o777).toBe(0o600);
		writeBuildManifest({});
	});

	test.each([
		[{ MODDABLE: "/nonexistent" }, "/nonexistent, which MODDABLE names"],
		[{ MODDABLE: "", HOME: "/nonexistent" }, "/nonexistent/.local/share/moddable"],
	])("say with %j how to get an SDK, in one line", async (variables, where) => {
		running = new Command(process.execPath, [program("moddable"), "run"], { ...process.env, ...variables });
		expect(await running.exitCode()).toBe(1);
		expect(running.stderr).toMatch(/^error: no Moddable SDK .*npx xs-dev setup.*\n$/);
		expect(running.stderr).toContain(` in ${where}: `);
	});

	test("say it also where the SDK is not needed yet", async () => {
		running = new Command(process.execPath, [program("moddable"), "build"], {
			...process.env,
			MODDABLE: "/nonexistent",
		});
		expect(await running.exitCode()).toBe(0);
		expect(running.stderr).toMatch(/^warning: no Moddable SDK .*npx xs-dev setup.*\n$/);
	});

	test.each([
		[[], "warning: no --ssid is given: the board will join no Wi-Fi\n"],
		[["--ssid", "home"], ""],
	])("warn with %j of a board that could not join the Wi-Fi", async (args, warning) => {
		const nowhere = { ...process.env, MODDABLE: "/nonexistent" };
		running = new Command(process.execPath, [program("moddable"), "flash", ...args], nowhere);
		expect(await running.exitCode()).toBe(1);
		expect(running.stderr.split("error: ")[0]).toBe(warning);
	});

	test("leave the Wi-Fi's password out where no Wi-Fi is named: the broker would be sent it", async () => {
		const manifest = join(PROJECT, "build/device/motehub/manifest.json");
		writeBuildManifest({ wifiPassword: "of the Wi-Fi", username: "anna", password: "of the broker" });
		expect(readFileSync(manifest, "utf8")).not.toContain("of the Wi-Fi");
		writeBuildManifest({ ssid: "home", wifiPassword: "of the Wi-Fi" });
		expect(readFileSync(manifest, "utf8")).toContain("of the Wi-Fi");
		writeBuildManifest({});
	});

	test("have the key of updates in them, and the cryptography for it", () => {
		const folder = mkdtempSync(join(tmpdir(), "motehub-key-"));
		try {
			const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
			writeFileSync(join(folder, "key.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
			writeFileSync(
				join(folder, "rsa.pem"),
				generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ format: "pem", type: "spki" }),
			);
			writeBuildManifest({ updateKey: join(folder, "key.pem") });
			const manifest = readFileSync(join(PROJECT, "build/device/motehub/manifest.json"), "utf8");
			expect(JSON.parse(manifest)).toMatchObject({
				include: ["../../../hosts/device/firmware/tls/manifest.json"],
				config: { firmware: { update_key: publicKey.export({ format: "der", type: "spki" }).toString("hex") } },
			});
			expect(() => writeBuildManifest({ updateKey: join(folder, "rsa.pem") })).toThrow("firmware.update_key");
			expect(() => writeBuildManifest({ updateKey: join(folder, "none.pem") })).toThrow("none.pem does not exist");
			writeFileSync(join(folder, "text.pem"), "no key");
			expect(() => writeBuildManifest({ updateKey: join(folder, "text.pem") })).toThrow(
				/^--update-key: \S+text\.pem is no public key in PEM$/,
			);
		} finally {
			rmSync(folder, { recursive: true });
			writeBuildManifest({});
		}
	});

	test("want certificates to be there", async () => {
		const command = moddable("build", "--certificate", "/nonexistent");
		expect(await command.exitCode()).toBe(1);
		expect(command.stderr).toBe("error: no certificates in /nonexistent: run npm run ca -- --help\n");
	});
});
