import { UsageError } from "../../../src/codec/index.ts";
import { tcpToBroker } from "./network.ts";
import type { Settings } from "./settings.ts";
import { runFirmware } from "./start.ts";

/** The firmware without TLS. Moddable calls this once the network is up. */
export default function main(): void {
	runFirmware({
		openTransport(settings, ports) {
			if (settings.certificate === undefined) return tcpToBroker(settings, ports);
			throw withoutTls("mqtt.certificate");
		},
		verifierFor({ updateKey }: Settings) {
			if (updateKey === undefined) return undefined;
			throw withoutTls("firmware.update_key");
		},
	});
}

function withoutTls(key: string): UsageError {
	return new UsageError(`config: ${key} asks for TLS, which this firmware is built without: use tls/manifest.json`);
}
