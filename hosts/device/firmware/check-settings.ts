import config from "mc/config";
import { UsageError } from "../../../src/codec/index.ts";
import { checkForBuild } from "./build-checks.ts";
import { readSettings } from "./settings.ts";

// The manifest preloads this module, so it runs on the machine that builds the firmware: there settings that the device would
// refuse end the build, and nothing of it is left on the device.
const { certificate, tlsVersion, updateKey } = readSettings(config);
const firmware = tlsVersion === "1.2" ? "tls" : "tls/legacy";
if (certificate !== undefined && config.tls !== firmware) {
	const wanted = `build the firmware of hosts/device/firmware/${firmware}/manifest.json`;
	throw new UsageError(`config: mqtt.certificate asks for TLS ${tlsVersion}: ${wanted}`);
}
if (updateKey !== undefined && config.tls === undefined) {
	throw new UsageError(
		"config: firmware.update_key asks for cryptography: build the firmware of hosts/device/firmware/tls/manifest.json",
	);
}
checkForBuild(config);
