import type { Transport } from "../../../../src/ports/index.ts";
import { bundledTrust, TlsTransport } from "../../tls/index.ts";
import { type NetworkPorts, openTcp, withTime } from "../network.ts";
import type { Settings } from "../settings.ts";
import { runFirmware } from "../start.ts";

/** The firmware with TLS. Moddable calls this once the network is up. */
export default function main(): void {
	runFirmware(openTls);
}

function openTls(settings: Settings, ports: NetworkPorts): Transport {
	const transport = openTcp(settings, ports);
	const { broker: host, certificate: certificates, tlsInsecure: insecure, buildTime } = settings;
	if (certificates === undefined) return transport;
	const trust = bundledTrust({ host, certificates, insecure, buildTime });
	return withTime(new TlsTransport({ transport, trust, clock: ports.clock, log: ports.log }), settings, ports);
}
