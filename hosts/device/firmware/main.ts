import { UsageError } from "../../../src/codec/index.ts";
import { tcpToBroker } from "./network.ts";
import { runFirmware } from "./start.ts";

/** The firmware without TLS. Moddable calls this once the network is up. */
export default function main(): void {
	runFirmware((settings, ports) => {
		if (settings.certificate === undefined) return tcpToBroker(settings, ports);
		throw new UsageError(
			"config: mqtt.certificate asks for TLS, which this firmware is built without: use tls/manifest.json",
		);
	});
}
