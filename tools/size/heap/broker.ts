import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Issued } from "../../../hosts/hub/certificates/issue.ts";
import { type DecodedPacket, Decoder, encode, type Packet, SERVER } from "../../../src/codec/index.ts";

/** Longest packet, in bytes. */
const MAX_PACKET = 100_000;

/** A broker that accepts everyone, grants everything, and tells of what is published. */
export class AcceptingBroker {
	readonly #server: Server;
	/** Called when a client begins to connect. */
	onConnection: () => void = () => undefined;
	/** Gets the length of each payload, in bytes. */
	onPublish: (length: number) => void = () => undefined;

	/** `identity`: a server's key and certificates, for TLS 1.2. */
	constructor(identity?: Issued) {
		const serve = (socket: Socket): void => this.#serve(socket);
		this.#server =
			identity === undefined
				? createServer(serve)
				: createTlsServer({ key: identity.key, cert: identity.certificate, maxVersion: "TLSv1.2" }, serve);
	}

	/** Begins to listen on 127.0.0.1. Returns the port. */
	async listen(): Promise<number> {
		// Of TCP, also where TLS comes after it.
		this.#server.on("connection", () => this.onConnection());
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error("no port");
		return address.port;
	}

	close(): void {
		this.#server.close();
	}

	#serve(socket: Socket): void {
		const decoder = new Decoder({ role: SERVER, maxPacket: MAX_PACKET });
		// The programs are ended in the middle of things.
		socket.on("error", () => socket.destroy());
		socket.on("data", (bytes) => {
			decoder.push(bytes);
			for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) {
				const answer = this.#answer(packet);
				if (answer !== undefined) socket.write(encode(answer, decoder.version));
			}
		});
	}

	#answer(packet: DecodedPacket): Packet | undefined {
		switch (packet.cmd) {
			case "connect":
				return { cmd: "connack", sessionPresent: false, reasonCode: 0 };
			case "subscribe":
				return { cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(({ qos }) => qos) };
			case "publish":
				this.onPublish(packet.payload.length);
				return undefined;
			default:
				return undefined;
		}
	}
}
