import TCP from "embedded:io/socket/tcp";
import config from "mc/config";

/** Uses a socket as carelessly as the platform allows, and tells what becomes of it. */
export default function main(): void {
	attempt("bad address", () => open("localhost"));
	open("127.0.0.1");
}

function open(address: string): void {
	let turns = 0;
	const tcp = new TCP({
		address,
		port: Number(config.port),
		onWritable(count) {
			trace(`writable ${count}\n`);
			if (turns++ > 0) return;
			attempt("write too much", () => tcp.write(new Uint8Array(count + 1)));
			tcp.write(new Uint8Array(count));
		},
		onReadable(count) {
			trace(`readable ${count}\n`);
			attempt("read too much", () => tcp.read(new Uint8Array(count + 1)));
			const bytes = new Uint8Array(count);
			tcp.read(bytes);
			trace(`read ${bytes[0]}..${bytes[count - 1]}\n`);
		},
		onError() {
			trace("error\n");
			tcp.close();
			tcp.close();
			attempt("write after close", () => tcp.write(new Uint8Array(1)));
		},
	});
}

function attempt(what: string, action: () => void): void {
	try {
		action();
		trace(`${what}: worked\n`);
	} catch (error) {
		trace(`${what}: ${(error as Error).message}\n`);
	}
}
