import { createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { checkForBuild } from "../../hosts/device/firmware/build-checks.ts";
import { readSettings } from "../../hosts/device/firmware/settings.ts";
import { UsageError } from "../../src/codec/index.ts";
import { MANIFEST } from "../ca/bundle.ts";
import { projectFolder } from "../device/project-folder.ts";
import { DEFAULT_BROKER, type FirmwareOptions } from "./options.ts";

/** The certificates asked for are not there. */
export class CertificatesMissing extends Error {
	override name = "CertificatesMissing";
}

/** From the project's folder. mcconfig names what it builds after the manifest's own folder in there. */
const FOLDER = "build/device";

type Block = Readonly<Record<string, unknown>>;

/**
 * Writes the manifest that the firmware is built from, and returns its folder. Throws UsageError for settings that the
 * firmware would refuse, CertificatesMissing.
 */
export function writeBuildManifest(options: FirmwareOptions, name = "motehub"): string {
	const certificates = options.certificate === undefined ? undefined : resolve(options.certificate);
	const config = configOf(options);
	// The build would find it out as well, after a while.
	const whole = { ...config, mqtt: { ...certificateNames(certificates), ...(config.mqtt as Block) } };
	const settings = readSettings(whole);
	checkForBuild(whole);
	const isLegacy = settings.tlsVersion !== "1.2";
	// Under another name: make would not see that modules of one name have another source.
	const folder = join(projectFolder(), FOLDER, isLegacy ? `${name}-legacy-tls` : name);
	const isTls = certificates !== undefined || options.updateKey !== undefined;
	const tls = isLegacy ? "tls/legacy" : "tls";
	const firmware = join(projectFolder(), "hosts/device/firmware", isTls ? tls : "", MANIFEST);
	const included = certificates === undefined ? [firmware] : [firmware, join(certificates, MANIFEST)];
	const include = included.map((path) => relative(folder, path));
	mkdirSync(folder, { recursive: true });
	const manifest = join(folder, MANIFEST);
	// It holds passwords. One that is there keeps its rights.
	rmSync(manifest, { force: true });
	writeFileSync(manifest, `${JSON.stringify({ include, config }, null, "\t")}\n`, { mode: 0o600 });
	return folder;
}

function configOf(options: FirmwareOptions): Block {
	const { ssid, wifiPassword } = options;
	// Without `ssid`, a `password` there is the broker's: the Wi-Fi's, left in the environment, would be sent to it.
	const wifi = ssid === undefined ? {} : { ssid, password: wifiPassword };
	const mqtt = {
		broker: options.broker ?? DEFAULT_BROKER,
		port: options.port,
		client_id: options.clientId,
		keepalive: options.keepalive,
		username: options.username,
		password: options.password,
		protocol: options.protocol,
		tls_insecure: options.tlsInsecure,
		tls_version: options.tlsVersion,
		tls_alpn: options.tlsAlpn,
		transport: options.transport,
		ws_path: options.wsPath,
	};
	const { interval, dns, ntp } = options;
	const firmware = { interval, dns, ntp, update_key: options.updateKey && publicKey(options.updateKey) };
	return defined({ ...wifi, mqtt: defined(mqtt), firmware: defined(firmware) });
}

/** In DER and hexadecimal; of a private key, its public one: the other does not leave its file. */
function publicKey(file: string): string {
	try {
		return createPublicKey(readFileSync(file)).export({ format: "der", type: "spki" }).toString("hex");
	} catch (error) {
		const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
		throw new UsageError(`--update-key: ${file} ${isMissing ? "does not exist" : "is no public key in PEM"}`);
	}
}

function defined(block: Block): Block {
	return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}

function certificateNames(folder: string | undefined): Block {
	if (folder === undefined) return {};
	try {
		const { config } = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as { config: { mqtt: Block } };
		return config.mqtt;
	} catch (error) {
		throw new CertificatesMissing(`no certificates in ${folder}: run npm run ca -- --help`, { cause: error });
	}
}
