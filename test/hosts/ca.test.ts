import { spawn } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { describeWithOpenSsl } from "../support/tls/certificates.ts";
import { Authority, type CertificateName } from "./moddable/authority.ts";
import { startEcho, startPlain, type TestServer } from "./moddable/tls-servers.ts";

const MAIN = fileURLToPath(new URL("../../dist/tools/ca/main.js", import.meta.url));

interface Outcome {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs `npm run ca` as its users do. */
function ca(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
	const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
	const texts = { stdout: "", stderr: "" };
	for (const name of ["stdout", "stderr"] as const) {
		child[name].setEncoding("utf8").on("data", (text: string) => (texts[name] += text));
	}
	return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...texts })));
}

describeWithOpenSsl("npm run ca", () => {
	let authority: Authority;
	let folder = "";
	let out = "";
	const servers: TestServer[] = [];

	beforeAll(() => {
		authority = new Authority();
	});
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "motehub-ca-"));
		out = join(folder, "out");
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));
	afterAll(() => {
		for (const server of servers) server.close();
		authority.remove();
	});

	const run = (...args: readonly string[]) => ca([...args, "--out", out]);
	const written = () => readdirSync(out).sort();
	const manifest = () => JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as unknown;
	const serve = async (chain: readonly [CertificateName, ...CertificateName[]], options = {}): Promise<string> => {
		const server = await startEcho({ ...authority.identity(chain), ...options });
		servers.push(server);
		return `127.0.0.1:${server.port}`;
	};

	test("writes a CA in PEM as DER, and the part of the manifest that bundles it", async () => {
		const { code, stdout } = await run(authority.pemPath("root"));
		expect(code).toBe(0);
		expect(written()).toEqual(["manifest.json", "root.der"]);
		expect(readFileSync(join(out, "root.der"))).toEqual(authority.der("root"));
		expect(manifest()).toEqual({ config: { mqtt: { certificate: ["root.der"] } }, data: { "*": ["./root.der"] } });
		const bytes = authority.der("root").length;
		expect(stdout).toContain(`root.der  ${bytes} bytes  Root, until 2045-01-01`);
		expect(stdout).toContain(`${bytes} bytes of flash in all`);
	});

	test("takes DER, and several certificates in one PEM file, each once", async () => {
		const der = join(folder, "root.der");
		const pem = join(folder, "all.pem");
		writeFileSync(der, authority.der("root"));
		writeFileSync(
			pem,
			["root", "root384"].map((name) => readFileSync(authority.pemPath(name as CertificateName))).join(""),
		);
		expect((await run(der, pem)).code).toBe(0);
		expect(written()).toEqual(["manifest.json", "root-384.der", "root.der"]);
	});

	test("gives certificates of one name files of their own, and clears away what it wrote before", async () => {
		expect((await run(authority.pemPath("intermediate"), authority.pemPath("impostor"))).code).toBe(0);
		expect(written()).toEqual(["intermediate-2.der", "intermediate.der", "manifest.json"]);
		expect((await run(authority.pemPath("root"))).code).toBe(0);
		expect(written()).toEqual(["manifest.json", "root.der"]);
	});

	test.each([
		["what is no CA", "leafOfRoot", /Broker: is not a CA certificate.*--pin/],
		["a CA without the right to issue", "intermediateNotCa", /intermediate: is not a CA certificate/],
		["an expired CA", "intermediateExpired", /intermediate: expired on 2024-01-01/],
	] as const)("refuses %s, and writes nothing", async (_, name, reason) => {
		const { code, stderr } = await run(authority.pemPath(name));
		expect(code).toBe(1);
		expect(stderr).toMatch(reason);
		expect(() => written()).toThrow("ENOENT");
	});

	test("takes a self-signed server certificate when it is to be pinned", async () => {
		expect((await run(authority.pemPath("selfSigned"))).code).toBe(1);
		expect((await run("--pin", authority.pemPath("selfSigned"))).code).toBe(0);
		expect(readFileSync(join(out, "broker.der"))).toEqual(authority.der("selfSigned"));
	});

	test.each([
		["root", /has a keyUsage without digitalSignature/],
		["device", /is not for a TLS server/],
	] as const)("refuses to pin %s, which devices refuse as a server's", async (name, reason) => {
		const { code, stderr } = await run("--pin", authority.pemPath(name));
		expect(code).toBe(1);
		expect(stderr).toMatch(reason);
		expect(() => written()).toThrow("ENOENT");
	});

	test("warns of what expires within two years", async () => {
		const { code, stderr } = await run(authority.pemPath("rootSoon"));
		expect(code).toBe(0);
		expect(stderr).toMatch(
			/^warning: Root for a year expires on \d{4}-\d\d-\d\d: plan to build and flash again before$/m,
		);
	});

	test("picks the one root that a server's chain leads to", async () => {
		const roots = join(folder, "roots.pem");
		const pems = (["root384", "root", "rootRsa"] as const).map((name) => readFileSync(authority.pemPath(name)));
		writeFileSync(roots, pems.join(""));
		const server = await serve(["leaf", "intermediate"]);
		const { code } = await ca([server, "--out", out], { NODE_EXTRA_CA_CERTS: roots });
		expect(code).toBe(0);
		expect(written()).toEqual(["manifest.json", "root.der"]);
		expect(readFileSync(join(out, "root.der"))).toEqual(authority.der("root"));
	});

	test("pins what a server sends, if it is told to", async () => {
		const server = await serve(["selfSigned"]);
		const refused = await run(server);
		expect(refused.code).toBe(1);
		expect(refused.stderr).toMatch(/signed by itself and is not bundled.*--pin/);
		expect((await run("--pin", server)).code).toBe(0);
		expect(written()).toEqual(["broker.der", "manifest.json"]);
	});

	test("says why a server cannot be asked", async () => {
		const plain = await startPlain((socket) => socket.end());
		servers.push(plain);
		const modern = await serve(["leaf", "intermediate"], { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" });
		for (const server of [`127.0.0.1:${plain.port}`, modern, "127.0.0.1:1"]) {
			const { code, stderr } = await run(server);
			expect(code).toBe(1);
			expect(stderr).toMatch(
				/^error: 127\.0\.0\.1:\d+: .+\. Is this the broker's port for TLS, and does it speak TLS 1\.2\?\n$/,
			);
		}
	});

	test("tells a host that does not exist from one that speaks no TLS", async () => {
		const { code, stderr } = await run("no-such-host.invalid:8883");
		expect(code).toBe(1);
		expect(stderr).toMatch(/^error: no-such-host\.invalid:8883: (?:there is no such host|cannot be looked up now)\n$/);
	});

	test("knows the roots of large brokers by itself", async () => {
		const { code, stdout } = await run("auto");
		expect(code).toBe(0);
		expect(stdout).toMatch(/^isrg-root-x1\.der +1391 bytes {2}ISRG Root X1, until 2035-06-04/m);
		expect(written().length).toBeGreaterThan(4);
	});

	describe("bundles a client's identity", () => {
		const withClient = (certificate: string, key: string) =>
			run(authority.pemPath("root"), "--client-cert", certificate, "--client-key", key);
		const chainFile = (...names: readonly CertificateName[]): string => {
			const path = join(folder, "chain.pem");
			writeFileSync(path, names.map((name) => readFileSync(authority.pemPath(name), "utf8")).join(""));
			return path;
		};

		test("as DER: the certificate, its issuers without the root, and the key, for the owner alone", async () => {
			const outcome = await withClient(chainFile("device", "intermediate", "root"), authority.keyPath("device"));
			expect(outcome).toMatchObject({ code: 0, stderr: "" });
			const files = ["client_cert.der", "client_cert_2.der", "client_key.der"];
			expect(written()).toEqual([...files, "manifest.json", "root.der"]);
			expect(readFileSync(join(out, "client_cert.der"))).toEqual(authority.der("device"));
			expect(readFileSync(join(out, "client_cert_2.der"))).toEqual(authority.der("intermediate"));
			expect(statSync(join(out, "client_key.der")).mode & 0o777).toBe(0o600);
			expect(manifest()).toEqual({
				config: {
					mqtt: { certificate: ["root.der"], client_cert: files.slice(0, 2), client_key: "client_key.der" },
				},
				data: { "*": ["root.der", ...files].map((name) => `./${name}`) },
			});
			const key = createPrivateKey({ key: readFileSync(join(out, "client_key.der")), format: "der", type: "pkcs8" });
			expect(new X509Certificate(authority.der("device")).checkPrivateKey(key)).toBe(true);
			const { stdout } = outcome;
			expect(stdout).toMatch(/^client_cert\.der +\d+ bytes {2}Broker, until 2045-01-01/m);
			expect(stdout).toMatch(/^client_key\.der +\d+ bytes {2}its private key/m);
			expect(stdout).not.toContain(readFileSync(join(out, "client_key.der")).toString("base64").slice(40, 60));
			expect((await run(authority.pemPath("root"))).code).toBe(0);
			expect(written()).toEqual(["manifest.json", "root.der"]);
		});

		test("with a key for the owner alone, also where a file of that name was for everybody", async () => {
			mkdirSync(out, { recursive: true });
			writeFileSync(join(out, "client_key.der"), "", { mode: 0o644 });
			await withClient(authority.pemPath("device"), authority.keyPath("device"));
			expect(statSync(join(out, "client_key.der")).mode & 0o777).toBe(0o600);
		});

		test.each(["pkcs1", "sec1", "pkcs8"] as const)("takes a key in DER as %s", async (type) => {
			const name = type === "pkcs1" ? "deviceRsa" : "device";
			const key = createPrivateKey(readFileSync(authority.keyPath(name)));
			const path = join(folder, "key.der");
			writeFileSync(path, key.export({ type: type as "pkcs8", format: "der" }));
			expect(await withClient(authority.pemPath(name), path)).toMatchObject({ code: 0 });
			expect(readFileSync(join(out, "client_key.der"))).toEqual(key.export({ type: "pkcs8", format: "der" }));
		});

		test.each([
			["a key of another certificate", "device", "deviceRsa", /is not the key of Broker, the first certificate in/],
			["an expired certificate", "deviceExpired", "deviceExpired", /Broker: expired on 2024-01-01/],
			["a certificate for servers", "leaf", "leaf", /Broker: is not for clients/],
		] as const)("refuses %s", async (_, certificate, key, reason) => {
			const { code, stderr } = await withClient(authority.pemPath(certificate), authority.keyPath(key));
			expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
			expect(() => written()).toThrow("ENOENT");
		});

		test("refuses an encrypted key, and says how to decrypt it", async () => {
			const path = join(folder, "key.pem");
			const key = createPrivateKey(readFileSync(authority.keyPath("device")));
			writeFileSync(path, key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" }));
			const { code, stderr } = await withClient(authority.pemPath("device"), path);
			expect([code, stderr]).toEqual([1, expect.stringContaining("is encrypted")]);
		});

		test("refuses what is no key, without repeating it, and one without the other", async () => {
			const path = join(folder, "key.pem");
			writeFileSync(path, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
			const broken = await withClient(authority.pemPath("device"), path);
			expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("not a private key")]);
			expect(broken.stderr).not.toContain("secret");
			const alone = await run(authority.pemPath("root"), "--client-cert", authority.pemPath("device"));
			expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("need each other")]);
		});

		test("refuses a chain that does not fit into one record", async () => {
			const chain = chainFile("device", ...Array<CertificateName>(12).fill("intermediate"));
			const { code, stderr } = await withClient(chain, authority.keyPath("device"));
			expect([code, stderr]).toEqual([1, expect.stringMatching(/bytes of certificates, and a device shows 4000/)]);
		});
	});

	test("says that a folder cannot be written to", async () => {
		writeFileSync(out, "a file");
		const { code, stderr } = await run(authority.pemPath("root"));
		expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*out: cannot be written to: EEXIST/)]);
	});

	test("tells wrong use from a refusal by its exit code", async () => {
		expect((await ca([])).code).toBe(2);
		expect((await ca(["--nonsense"])).code).toBe(2);
		const misspelt = await ca(["--ot", out, "auto"]);
		expect([misspelt.code, misspelt.stderr]).toEqual([
			2,
			"error: unknown option '--ot' (Did you mean --out?); --help lists the options\n",
		]);
		expect((await ca(["--help"])).code).toBe(0);
		for (const source of [join(folder, "missing.pem"), "127.0.0.1:99999"]) {
			const { code, stderr } = await run(source);
			expect(stderr).toBe(`error: ${source}: there is no such file, and it is neither host:port nor auto\n`);
			expect(code).toBe(1);
		}
		writeFileSync(join(folder, "text.pem"), "no certificate");
		const text = await run(join(folder, "text.pem"));
		expect([text.code, text.stderr]).toEqual([1, expect.stringContaining("text.pem: not a certificate in PEM or DER")]);
	});
});
