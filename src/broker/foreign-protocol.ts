/** A record of TLS that holds a ClientHello begins so, of any version. */
const TLS: readonly number[] = [0x16, 0x03];
/** How the methods begin that browsers and health checks use, the one of a WebSocket among them: GET, HEAD, POST, OPTIONS. */
const HTTP: readonly (readonly number[])[] = [
	[0x47, 0x45, 0x54, 0x20],
	[0x48, 0x45, 0x41, 0x44],
	[0x50, 0x4f, 0x53, 0x54],
	[0x4f, 0x50, 0x54, 0x49],
];

/** What somebody speaks who took the wrong port, by their first bytes, in a sentence. Undefined: nothing that is known. */
export function foreignProtocol(bytes: Uint8Array): string | undefined {
	if (startsWith(bytes, TLS)) return "The client speaks TLS, but this port does not.";
	if (HTTP.some((start) => startsWith(bytes, start))) {
		return "The client speaks HTTP or WebSocket, but this port is for MQTT over TCP.";
	}
	return undefined;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
	return start.every((byte, at) => bytes[at] === byte);
}
