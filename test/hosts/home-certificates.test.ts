import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { CertificateFolder } from "../../hosts/hub/certificates/certificate-folder.ts";
import { ensureCertificates } from "../../hosts/hub/certificates/home-certificates.ts";
import { namesOfThisHost, parseHostName } from "../../hosts/hub/certificates/host-names.ts";
import { CertificateRenewal } from "../../hosts/hub/certificates/index.ts";
import { DataFolderError } from "../../hosts/hub/data-folder.ts";
import { readCredentials } from "../../hosts/hub/tls/index.ts";
import { validatePath } from "../../src/tls/index.ts";
import { verifyOnNode } from "./openssl/node-verifier.ts";
import { Command, isInstalled } from "./support/command.ts";
import { Condition } from "./support/condition.ts";
import { hubCommand } from "./support/hub-process.ts";

const DAY = 86_400_000;
const NAMES = ["hub.local", "192.168.1.5", "::1"];
const SUBJECT_KEY = "2.5.29.14";
const AUTHORITY_KEY = "2.5.29.35";
const NOW = Date.UTC(2026, 10, 22);

let data: string;
let folder: CertificateFolder;

beforeEach(() => {
	data = mkdtempSync(join(tmpdir(), "motehub-cert-"));
	folder = new CertificateFolder(data);
});
afterEach(() => rmSync(data, { recursive: true }));

const text = (file: string) => readFileSync(file, "utf8");
const authority = () => new X509Certificate(text(folder.authority));
const server = () => new X509Certificate(text(folder.server));

describe("the home's certificates", () => {
	test("are a CA and a server certificate for the names, of P-256, which the listeners can use with its chain", async () => {
		const made = await ensureCertificates(folder, NAMES, NOW);
		expect(made).toMatchObject({ names: NAMES, madeAuthority: true, madeServer: true });
		expect(server().checkIssued(authority()) && server().verify(authority().publicKey)).toBe(true);
		expect([authority().ca, server().ca]).toEqual([true, false]);
		for (const name of ["hub.local"]) expect(server().checkHost(name)).toBe(name);
		for (const address of ["192.168.1.5", "::1"]) expect(server().checkIP(address)).toBe(address);
		expect(server().publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: "prime256v1" });
		expect(Date.parse(server().validTo) - Date.parse(server().validFrom)).toBeLessThanOrEqual(398 * DAY);
		const { context } = readCredentials({ certificate: folder.server });
		expect(String(context.cert).match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
	});

	test("have the key identifiers that Moddable's own check needs", async () => {
		await ensureCertificates(folder, NAMES, NOW);
		const extension = ({ raw }: X509Certificate, oid: string) => new x509.X509Certificate(raw).getExtension(oid);
		const keyId = (of: X509Certificate) => (extension(of, SUBJECT_KEY) as x509.SubjectKeyIdentifierExtension).keyId;
		const issuerId = (of: X509Certificate) =>
			(extension(of, AUTHORITY_KEY) as x509.AuthorityKeyIdentifierExtension).keyId;
		expect([keyId(authority()), keyId(server())]).toEqual(Array(2).fill(expect.stringMatching(/^[0-9a-f]{40}$/)));
		expect([issuerId(authority()), issuerId(server())]).toEqual(Array(2).fill(keyId(authority())));
	});

	test.each(NAMES)("are accepted by the device's own check, for %s", async (host) => {
		await ensureCertificates(folder, NAMES, NOW);
		const [certificates, anchors] = [[server().raw, authority().raw], [authority().raw]];
		const request = { certificates, anchors, now: NOW / 1_000, verifySignature: verifyOnNode };
		expect(validatePath({ ...request, host })).toMatchObject({ ok: true });
		expect(validatePath({ ...request, host: "other.local" })).toMatchObject({ ok: false });
	});

	test("are open to their owner alone", async () => {
		await ensureCertificates(folder, NAMES, NOW);
		for (const file of [folder.authority, folder.authorityKey, folder.server]) {
			expect(statSync(file).mode & 0o777).toBe(0o600);
		}
		expect(statSync(join(data, "tls")).mode & 0o777).toBe(0o700);
	});

	const openssl = isInstalled("openssl") ? test : test.skip;
	openssl("pass OpenSSL's strict check, with key identifiers", async () => {
		await ensureCertificates(folder, NAMES);
		const verify = [
			"verify",
			"-x509_strict",
			"-CAfile",
			folder.authority,
			"-verify_hostname",
			"hub.local",
			folder.server,
		];
		const command = new Command("openssl", verify);
		expect([await command.exitCode(), command.stderr]).toEqual([0, ""]);
		const shown = new Command("openssl", ["x509", "-in", folder.server, "-noout", "-text"]);
		expect(await shown.exitCode()).toBe(0);
		expect(shown.stdout).toContain("X509v3 Subject Key Identifier");
		expect(shown.stdout).toContain("X509v3 Authority Key Identifier");
	});
});

describe("renewal", () => {
	async function at(days: number, names: readonly string[] = NAMES) {
		const { madeAuthority, madeServer } = await ensureCertificates(folder, names, NOW + days * DAY);
		return { madeAuthority, madeServer };
	}
	const NOTHING = { madeAuthority: false, madeServer: false };
	const SERVER = { madeAuthority: false, madeServer: true };

	test("leaves alone what is good for long, and renews a server certificate a month before its end", async () => {
		await at(0);
		expect(await at(1)).toEqual(NOTHING);
		expect(await at(365)).toEqual(NOTHING);
		expect(await at(367)).toEqual(SERVER);
		expect(await at(368)).toEqual(NOTHING);
	});

	test("of the CA keeps its key: devices with the old file trust what is made under the new one", async () => {
		await at(0);
		const old = authority();
		expect(await at(19 * 365)).toEqual({ madeAuthority: true, madeServer: true });
		expect(authority().serialNumber).not.toBe(old.serialNumber);
		expect(server().verify(old.publicKey)).toBe(true);
		expect(server().checkIssued(old)).toBe(true);
	});

	test("makes a certificate anew for a name that it lacks, and keeps those that it had", async () => {
		await at(0);
		expect(await at(1, ["hub.local"])).toEqual(NOTHING);
		expect(
			await at(
				1,
				["new.local", "FD00:0:0::1"].map((name) => parseHostName(name) ?? ""),
			),
		).toEqual(SERVER);
		expect(server().checkHost("new.local")).toBe("new.local");
		expect(server().checkIP("fd00::1")).toBe("fd00::1");
		expect(server().checkHost("hub.local")).toBe("hub.local");
	});

	test("leaves alone what has as many names as it may, though the machine has more", async () => {
		const many = Array.from({ length: 120 }, (_, index) => `host${index}.local`);
		expect(await at(0, many)).toEqual({ madeAuthority: true, madeServer: true });
		expect(await at(1, many)).toEqual(NOTHING);
	});

	describe("by itself while the hub runs", () => {
		const MINUTE = 60_000;
		const logged = new Condition();
		let log: string[];
		let renewal: CertificateRenewal;

		beforeEach(() => {
			jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "clearImmediate", "setTimeout"] });
			log = [];
			const write = (_level: string, message: string) => {
				log.push(message);
				logged.notify();
			};
			renewal = new CertificateRenewal(data, { write });
		});
		afterEach(() => {
			renewal.close();
			jest.useRealTimers();
		});

		test("happens within a minute, also when the clock is set only after the start", async () => {
			await renewal.start();
			const first = server().serialNumber;
			jest.setSystemTime(Date.now() + 370 * DAY);
			jest.advanceTimersByTime(MINUTE);
			await logged.until(() => (log.length === 3 ? log : undefined));
			expect(server().serialNumber).not.toBe(first);
			expect(log.slice(1)).toEqual(["made a server certificate", "made a server certificate"]);
		});

		test("says once why it does not", async () => {
			await renewal.start();
			const good = text(folder.authority);
			writeFileSync(folder.authority, "nonsense");
			jest.advanceTimersByTime(MINUTE);
			await logged.until(() => (log.length === 3 ? log : undefined));
			expect(log[2]).toMatch(/^the server certificate cannot be renewed: .*cannot be used/);
			jest.advanceTimersByTime(MINUTE);
			await new Promise(setImmediate);
			writeFileSync(folder.authority, good);
			jest.setSystemTime(Date.now() + 370 * DAY);
			jest.advanceTimersByTime(MINUTE);
			await logged.until(() => (log.length >= 4 ? log : undefined));
			expect(log.slice(3)).toEqual(["made a server certificate"]);
		});
	});

	test("does nothing while the clock is behind the certificates", async () => {
		await at(0);
		expect(await at(-20_000)).toEqual(NOTHING);
	});

	test.each(["", "nonsense", "-----BEGIN CERTIFICATE-----\nMII"])(
		"replaces a damaged server certificate (%j)",
		async (damage) => {
			await at(0);
			writeFileSync(folder.server, damage);
			expect(await at(0)).toEqual(SERVER);
		},
	);

	test("replaces a server certificate of another CA", async () => {
		await at(0);
		unlinkSync(folder.authority);
		unlinkSync(folder.authorityKey);
		expect(await at(0)).toEqual({ madeAuthority: true, madeServer: true });
	});

	test("never replaces a CA that is damaged or without its key: every device would need the new one", async () => {
		await at(0);
		const [good, key] = [text(folder.authority), text(folder.authorityKey)];
		writeFileSync(folder.authority, "nonsense");
		await expect(at(0)).rejects.toThrow(DataFolderError);
		writeFileSync(folder.authority, good);
		writeFileSync(folder.authorityKey, text(folder.server));
		await expect(at(0)).rejects.toThrow(/do not belong together.*: restore the file, or delete both/);
		unlinkSync(folder.authorityKey);
		await expect(at(0)).rejects.toThrow(/ca-key\.pem is missing beside .*ca\.pem: restore the file/);
		writeFileSync(folder.authorityKey, key);
		expect(await at(0)).toEqual(NOTHING);
	});
});

describe("motehub cert", () => {
	async function cert(...args: readonly string[]) {
		const command = hubCommand("cert", "--data", data, ...args);
		return { exitCode: await command.exitCode(), stdout: command.stdout, stderr: command.stderr };
	}

	test("says where the CA file is, and makes nothing twice", async () => {
		const first = await cert("--name", "hub.example", "--name", "[FD00::1]");
		expect(first).toMatchObject({ exitCode: 0, stderr: "" });
		expect(first.stdout).toMatch(/^CA for devices +.*tls\/ca\.pem \(made now, valid to 20\d\d-\d\d-\d\d\)$/m);
		expect(first.stdout).toMatch(/^it is for +.*localhost, .*127\.0\.0\.1, ::1, hub\.example, fd00::1$/m);
		const second = await cert();
		expect(second.stdout).toMatch(/server\.pem \(kept, valid to .*\n.*hub\.example/);
	});

	test("works in the data folder that a configuration names", async () => {
		const config = join(data, "motehub.yaml");
		writeFileSync(config, "data: here\nauth: { allow_anonymous: true }\n");
		const command = hubCommand("cert", "--config", config);
		expect(await command.exitCode()).toBe(0);
		expect(command.stdout).toContain(join(data, "here", "tls", "ca.pem"));
		writeFileSync(config, "dat: here\n");
		const wrong = hubCommand("cert", "--config", config);
		expect(await wrong.exitCode()).toBe(1);
		expect(wrong.stderr).toMatch(/^error: .*motehub\.yaml:1:1: dat: unknown key; did you mean data\?[^\n]*\n$/);
	});

	test("refuses a name that cannot be one", async () => {
		expect(await cert("--name", "https://hub")).toEqual({
			exitCode: 2,
			stdout: "",
			stderr: 'error: "https://hub" is neither a host name nor an address\n',
		});
	});

	test("a folder that cannot be written is one clear line and exit code 1", async () => {
		writeFileSync(join(data, "tls"), "");
		const { exitCode, stderr } = await cert();
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(/^error: cannot read .*ca\.pem: [^\n]+\n$/);
	});
});

test("this machine's names are fit for a certificate", () => {
	const names = namesOfThisHost();
	expect(names).toEqual(expect.arrayContaining(["localhost", "127.0.0.1", "::1"]));
	expect(names.map(parseHostName)).toEqual(names);
});
