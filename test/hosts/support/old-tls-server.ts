import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { createServer, type SecureVersion, type Server } from "node:tls";

/** Speaks one old version of TLS, with the certificate and key of a file, before a server on plain TCP at `port`. */
export async function startOldTls(version: SecureVersion, file: string, port: number): Promise<Server> {
	const pem = readFileSync(file);
	const options = { cert: pem, key: pem, minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" };
	const server = createServer(options, (socket) => {
		const inner = connect(port, "127.0.0.1");
		for (const each of [socket, inner]) each.on("error", () => undefined);
		socket.pipe(inner).pipe(socket);
		socket.on("close", () => inner.destroy());
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	return server;
}

export function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}
