import { connect, type Socket } from "node:net";
import { CLIENT, type DecodedPacket, Decoder, encode, type Packet } from "../../src/codec/index.ts";

const VERSION = 4;

/** Where a broker is, and what it asks for. */
export interface Entrance {
	readonly port: number;
	/** What clients give, each with its own user name; undefined: neither name nor password. */
	readonly password?: string | undefined;
}

/** Where to connect, and as whom. */
export interface Login {
	readonly port: number;
	readonly clientId: string;
	/** Undefined: anonymous. */
	readonly user?: { readonly username: string; readonly password: string } | undefined;
	/** False: the session is kept. Default true. */
	readonly clean?: boolean;
}

/** A client with as little between socket and codec as can be, so that the load generator outruns the brokers. */
export class MqttSocket {
	readonly #socket: Socket;
	readonly #decoder = new Decoder({ role: CLIENT, maxPacket: 1_048_576 });
	#onPacket: (packet: DecodedPacket) => void = () => undefined;
	#onTurn: () => void = () => undefined;

	private constructor(socket: Socket) {
		this.#socket = socket;
		this.#decoder.version = VERSION;
		socket.on("data", (bytes) => this.#receive(bytes));
	}

	/** Opens a connection and waits for CONNACK. Rejects if the broker refuses. */
	static async open({ port, clientId, user, clean = true }: Login): Promise<MqttSocket> {
		const socket = connect({ port, host: "127.0.0.1", noDelay: true });
		await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
		const client = new MqttSocket(socket);
		const connack = await client.request(
			{
				cmd: "connect",
				protocolId: "MQTT",
				protocolVersion: VERSION,
				clean,
				clientId,
				keepalive: 0,
				...(user && { username: user.username, password: Buffer.from(user.password) }),
			},
			"connack",
		);
		if (connack.reasonCode !== 0) throw new Error(`the broker refused the connection: code ${connack.reasonCode}`);
		return client;
	}

	async subscribe(filter: string, qos: 0 | 1): Promise<void> {
		await this.request({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: filter, qos }] }, "suback");
	}

	/** Sends a packet and resolves with the first one of the kind that answers it. */
	request<C extends DecodedPacket["cmd"]>(packet: Packet, answer: C): Promise<Extract<DecodedPacket, { cmd: C }>> {
		return new Promise((resolve, reject) => {
			this.#socket.once("close", () => reject(new Error(`the broker closed the connection instead of a ${answer}`)));
			this.#onPacket = (received) => {
				if (received.cmd === answer) resolve(received as Extract<DecodedPacket, { cmd: C }>);
			};
			this.send(encode(packet, VERSION));
		});
	}

	/** `onPacket` gets each packet, then `onTurn` is called once for all that came together. */
	listen(onPacket: (packet: DecodedPacket) => void, onTurn: () => void): void {
		this.#onPacket = onPacket;
		this.#onTurn = onTurn;
	}

	send(bytes: Uint8Array): void {
		this.#socket.write(bytes);
	}

	close(): void {
		this.#socket.destroy();
	}

	#receive(bytes: Uint8Array): void {
		this.#decoder.push(bytes);
		for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next()) this.#onPacket(packet);
		this.#onTurn();
	}
}
