import { UsageError } from "../../../src/codec/index.ts";
import { mostSimilar } from "../../../src/config/index.ts";
import { isIPv4Address } from "../base.ts";
import type { Config } from "./block.ts";
import { MQTT_KEYS } from "./settings.ts";

/** Keys that may stand beside the blocks. mcconfig puts there all that its command line has, and the SDK reads keys of its own. */
const BARE_KEYS: readonly string[] = [...MQTT_KEYS, "ssid"];
const BLOCKS = ["mqtt", "firmware"] as const;
const TLS_KEYS = ["tls_insecure", "tls_version", "tls_alpn"] as const;
const WITHOUT_TLS: readonly unknown[] = [undefined, false, "false", "auto"];
const BUNDLED_KEYS = ["certificate", "client_cert", "client_key"] as const;

/**
 * Finds what a device could not know, or would find out too late: settings that nobody reads, and files that are not in its
 * flash. For the machine that builds the firmware. Throws UsageError that names the key, and what to do.
 */
export function checkForBuild(config: Config): void {
	refuseMisspelt(config);
	refuseMistypedAddress(config);
	refuseUnusedTls(config);
	refuseUnbundled(config);
}

// Only near misses, of text: what else is there may be the SDK's, or a board's.
function refuseMisspelt(config: Config): void {
	for (const [key, value] of Object.entries(config)) {
		const meant = typeof value === "string" ? meantBy(key) : undefined;
		if (meant !== undefined) throw new UsageError(`config: unknown key ${key}: is ${meant} meant?`);
	}
}

function meantBy(key: string): string | undefined {
	const [block = "", ...rest] = key.split(".");
	const known: readonly string[] = rest.length > 0 ? BLOCKS : BARE_KEYS;
	const meant = known.includes(block) ? undefined : mostSimilar(block, known);
	return meant && [meant, ...rest].join(".");
}

/** RFC 1123 section 2.1: no name of a host ends in a number, so this is no name, either. */
function refuseMistypedAddress(config: Config): void {
	const broker = String(given(config, "broker"));
	if (!/^[\d.]+$/.test(broker) || isIPv4Address(broker)) return;
	throw new UsageError(`config: mqtt.broker: ${broker} is no IPv4 address: it takes four numbers from 0 to 255`);
}

function refuseUnusedTls(config: Config): void {
	if (given(config, "certificate") !== undefined) return;
	const unused = TLS_KEYS.find((key) => !WITHOUT_TLS.includes(given(config, key)));
	if (unused === undefined) return;
	throw new UsageError(
		`config: mqtt.${unused} is given without mqtt.certificate, and so without TLS: run npm run ca, and name what it bundles`,
	);
}

/** The manifest of `npm run ca` says in the block `mqtt` what it bundles. The command line can only choose among that. */
function refuseUnbundled(config: Config): void {
	for (const key of BUNDLED_KEYS) {
		const bundled = namesIn(blockOf(config)[key]);
		const missing = namesIn(given(config, key)).find((name) => !bundled.includes(name));
		if (missing === undefined) continue;
		const found = bundled.length > 0 ? `only ${bundled.join(", ")}` : "nothing";
		throw new UsageError(
			`config: mqtt.${key}: ${JSON.stringify(missing)} is not bundled, ${found} is: run npm run ca, and include its manifest.json`,
		);
	}
}

/** What counts where a key stands more than once. */
function given(config: Config, key: string): unknown {
	return config[`mqtt.${key}`] ?? config[key] ?? blockOf(config)[key];
}

function blockOf({ mqtt }: Config): Config {
	return (mqtt ?? {}) as Config;
}

function namesIn(value: unknown): readonly unknown[] {
	if (typeof value === "string") return value.split(",");
	return Array.isArray(value) ? value : [];
}
