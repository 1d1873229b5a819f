import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";

/** A server on 127.0.0.1. */
export interface TestServer {
	readonly port: number;
	close(): void;
}

/** Sends back what it gets, over TLS. */
export async function startEcho(options: TlsOptions): Promise<TestServer> {
	return startTls(options, (socket) => socket.pipe(socket));
}

/** A server over TLS. */
export async function startTls(options: TlsOptions, serve: (socket: TLSSocket) => void): Promise<TestServer> {
	const server = createTlsServer({ maxVersion: "TLSv1.2", ...options }, (socket) => {
		socket.on("error", () => undefined);
		serve(socket);
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

/** Takes a record of a server's, header included, and returns what is sent in its place, one segment after the other. */
export type RecordChange = (record: Buffer) => readonly Uint8Array[];

/** Stands before the TLS server at `port` and changes what it sends, on each connection with a change of its own. */
export async function startTamperer(port: number, newChange: () => RecordChange): Promise<TestServer> {
	return startPlain((client) => {
		const server = connect(port, "127.0.0.1");
		const change = newChange();
		let held = Buffer.alloc(0);
		let sent = Promise.resolve();
		server.on("error", () => undefined);
		server.on("data", (bytes) => {
			held = Buffer.concat([held, bytes]);
			for (let end = recordEnd(held); end <= held.length; end = recordEnd(held)) {
				const pieces = change(Buffer.from(held.subarray(0, end)));
				sent = sent.then(() => sendApart(client, pieces));
				held = held.subarray(end);
			}
		});
		client.setNoDelay(true).pipe(server);
		server.on("close", () => void sent.then(() => client.destroy()));
		client.on("close", () => server.destroy());
	});
}

/** Stands before the TLS server at `port`: passes on none of its bytes on the first connection, then `step` more each time. */
export async function startCutter(port: number, step: number): Promise<TestServer> {
	let allowed = 0;
	return startPlain((client) => {
		const server = connect(port, "127.0.0.1");
		let left = allowed;
		allowed += step;
		server.on("error", () => undefined);
		server.on("data", (bytes) => {
			if (bytes.length <= left) client.write(bytes);
			else client.end(bytes.subarray(0, left));
			left -= bytes.length;
		});
		client.pipe(server);
		client.on("close", () => server.destroy());
	});
}

async function sendApart(socket: Socket, pieces: readonly Uint8Array[]): Promise<void> {
	for (const piece of pieces) {
		socket.write(piece);
		if (pieces.length > 1) await setImmediate();
	}
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
