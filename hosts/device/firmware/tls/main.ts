import type { Transport } from "../../../../src/ports/index.ts";
import type { BoardPorts } from "../../network.ts";
import { bundledTrust, TlsTransport } from "../../tls/index.ts";
import { onceTimeIsSet, tcpToBroker } from "../network.ts";
import type { Settings } from "../settings.ts";
import { runFirmware } from "../start.ts";

/** The firmware with TLS. Moddable calls this once the network is up. */
export default function main(): void {
	runFirmware(openTls);
}

function openTls(settings: Settings, ports: BoardPorts): Transport {
	const transport = tcpToBroker(settings, ports);
	const { broker: host, certificate: certificates, tlsInsecure: insecure, buildTime } = settings;
	if (certificates === undefined) return transport;
	const trust = bundledTrust({ host, certificates, insecure, buildTime });
	return onceTimeIsSet(new TlsTransport({ transport, trust, clock: ports.clock, log: ports.log }), settings, ports);
}
