import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type IConnectPacket, parser } from "mqtt-packet";
import { Condition } from "./condition.ts";

/** What a broker does with a CONNECT. */
export type Reaction = (socket: Socket, connect: IConnectPacket) => void;

/** CONNACK of MQTT 3.x with this return code. */
export function connack(code: number): Uint8Array {
	return Uint8Array.of(0x20, 2, 0, code);
}

/** How brokers were seen to refuse a version that they do not know, and otherwise to behave. */
export const REACTIONS = {
	accepts: (socket) => socket.write(connack(0)),
	answersCode1: (socket) => socket.end(connack(1)),
	closes: (socket) => socket.end(),
	resets: (socket) => socket.resetAndDestroy(),
	staysSilent: () => undefined,
	refusesPassword: (socket) => socket.end(connack(4)),
} as const satisfies Record<string, Reaction>;

/** A broker that plays a part: it notes each CONNECT and reacts to it; what comes after is ignored. */
export class ScriptedBroker {
	readonly connects: IConnectPacket[] = [];
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #react: Reaction;
	readonly #heard = new Condition();

	private constructor(react: Reaction) {
		this.#react = react;
		this.#server = createServer((socket) => this.#accept(socket));
	}

	static async start(react: Reaction): Promise<ScriptedBroker> {
		const broker = new ScriptedBroker(react);
		broker.#server.listen(0, "127.0.0.1");
		await once(broker.#server, "listening");
		return broker;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** `MQTT 4` and `MQIsdp 3`, in the order of the CONNECTs. */
	get versions(): readonly string[] {
		return this.connects.map(({ protocolId, protocolVersion }) => `${protocolId} ${protocolVersion}`);
	}

	/** Resolves once this many CONNECTs have arrived. */
	async hasConnects(count: number): Promise<void> {
		await this.#heard.until(() => this.connects[count - 1]);
	}

	/** Sends the same to everyone who is connected. */
	send(bytes: Uint8Array): void {
		for (const socket of this.#sockets) socket.write(bytes);
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, "close");
	}

	#accept(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on("close", () => this.#sockets.delete(socket)).on("error", () => undefined);
		const packets = parser();
		packets.on("packet", (packet) => {
			if (packet.cmd !== "connect") return;
			this.connects.push(packet);
			this.#react(socket, packet);
			this.#heard.notify();
		});
		socket.on("data", (bytes) => packets.parse(bytes));
	}
}
