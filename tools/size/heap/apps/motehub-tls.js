import { bundledTrust, TlsTransport } from "motehub/device/tls";

export function secured(transport, clock, log) {
	const trust = bundledTrust({ host: "localhost", certificates: ["ca.der"], insecure: false, buildTime: 0 });
	return new TlsTransport({ transport, trust, clock, log });
}
