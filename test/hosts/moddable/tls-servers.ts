import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** A server on 127.0.0.1. */
export interface TestServer {
	readonly port: number;
	close(): void;
}

/** Sends back what it gets, over TLS. */
export async function startEcho(options: TlsOptions): Promise<TestServer> {
	const server = createTlsServer({ maxVersion: "TLSv1.2", ...options }, (socket) => {
		socket.on("error", () => undefined);
		socket.pipe(socket);
	});
	// Clients that refuse us are what this is for.
	server.on("tlsClientError", () => undefined);
	return listening(server);
}

/** OpenSSL's own test server: unlike Node's, it says by alert what it has against a client certificate. */
export async function startOpenSsl(args: readonly string[]): Promise<TestServer> {
	const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", "-tls1_2", ...args], {
		stdio: ["pipe", "pipe", "ignore"],
	});
	let port: number | undefined;
	for await (const line of createInterface({ input: child.stdout })) {
		port = Number(/^ACCEPT .*:(\d+)$/.exec(line)?.[1] ?? Number.NaN);
		if (!Number.isNaN(port)) break;
	}
	if (port === undefined) throw new Error(`openssl s_server ${args.join(" ")} does not start`);
	child.stdout.resume();
	return { port, close: () => child.kill() };
}

/** A server on plain TCP. */
export async function startPlain(serve: (socket: Socket) => void): Promise<TestServer> {
	return listening(
		createServer((socket) => {
			socket.on("error", () => undefined);
			serve(socket);
		}),
	);
}

/** Changes the records that a TLS server sends: each goes through `change`, which returns what is sent in its place. */
export async function startTamperer(
	port: number,
	change: (record: Buffer) => readonly Uint8Array[],
): Promise<TestServer> {
	return startPlain((client) => {
		const server = connect(port, "127.0.0.1");
		server.on("error", () => undefined);
		let held = Buffer.alloc(0);
		server.on("data", (bytes) => {
			held = Buffer.concat([held, bytes]);
			for (let end = recordEnd(held); end <= held.length; end = recordEnd(held)) {
				for (const piece of change(Buffer.from(held.subarray(0, end)))) client.write(piece);
				held = held.subarray(end);
			}
		});
		client.pipe(server);
		server.on("close", () => client.destroy());
		client.on("close", () => server.destroy());
	});
}

const HEADER = 5;

function recordEnd(bytes: Buffer): number {
	return bytes.length < HEADER ? HEADER : HEADER + bytes.readUInt16BE(3);
}

async function listening(server: Server): Promise<TestServer> {
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		close: () => {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}
