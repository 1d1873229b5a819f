import config from "mc/config";
import { UsageError } from "../../../src/codec/index.ts";
import { readSettings } from "./settings.ts";

// The manifest preloads this module, so it runs on the machine that builds the firmware: there settings that the device would
// refuse end the build, and nothing of it is left on the device.
const { certificate } = readSettings(config);
if (certificate !== undefined && config.tls !== true) {
	throw new UsageError("config: mqtt.certificate asks for TLS: build the firmware of hosts/device/firmware/tls");
}
