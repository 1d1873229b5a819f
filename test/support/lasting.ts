import type { ProtocolVersion } from "../../src/codec/index.ts";
import type { ConnectOptions } from "./broker-peer.ts";

/** A client whose session outlives its connection, by an hour in version 5. */
export function lasting(version: ProtocolVersion, clientId = "client"): ConnectOptions {
	const options = { version, clientId, clean: false };
	return version === 5 ? { ...options, properties: { sessionExpiryInterval: 3_600 } } : options;
}
