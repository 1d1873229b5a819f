import type { Transport } from "../../../../src/ports/index.ts";
import { fromHex, type VerifyStatement } from "../../index.ts";
import type { BoardPorts } from "../../network/index.ts";
import { bundledIdentity, bundledTrust, ecdsaVerifier, TlsTransport } from "../../tls/index.ts";
import { onceTimeIsSet, tcpToBroker } from "../network.ts";
import type { Settings } from "../settings.ts";
import { runFirmware } from "../start.ts";

/** The firmware with TLS. Moddable calls this once the network is up. */
export default function main(): void {
	runFirmware({ openTransport: openTls, verifierFor });
}

function openTls(settings: Settings, ports: BoardPorts): Transport {
	const transport = tcpToBroker(settings, ports);
	const { broker: host, certificate: certificates, tlsInsecure: insecure, buildTime, clientIdentity, alpn } = settings;
	if (certificates === undefined) return transport;
	const trust = bundledTrust({ host, certificates, insecure, buildTime });
	const identity = clientIdentity && bundledIdentity(clientIdentity);
	const { clock, log } = ports;
	return onceTimeIsSet(
		new TlsTransport({ transport, trust, identity, alpn, version: settings.tlsVersion, clock, log }),
		settings,
		ports,
	);
}

function verifierFor({ updateKey }: Settings): VerifyStatement | undefined {
	// `readSettings` has seen that it is hexadecimal.
	return updateKey === undefined ? undefined : ecdsaVerifier(fromHex(updateKey) ?? new Uint8Array(0));
}
