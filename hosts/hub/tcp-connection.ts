import { type ConnectionHandler, SocketConnection } from "./socket-connection.ts";

/** MQTT directly over TCP (MQTT 5 section 4.2). */
export class TcpConnection extends SocketConnection {
	override start(handler: ConnectionHandler): void {
		super.start(handler);
		this.socket.on("data", (bytes) => this.received(bytes));
	}

	protected override send(chunk: Uint8Array): void {
		this.socket.write(chunk);
	}

	protected override finish(): void {
		this.socket.end();
	}

	override pause(flag: boolean): void {
		if (flag) this.socket.pause();
		else this.socket.resume();
	}
}
