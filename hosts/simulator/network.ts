import { isIPv4 } from "node:net";
import type { Millis } from "../../src/ports/index.ts";
import type { EventQueue } from "./event-queue.ts";
import { answerQuery, isNameServer, NAME_SERVER } from "./name-server.ts";
import { EVENT, message } from "./stand-ins/wire.ts";
import { TcpSocket } from "./tcp-socket.ts";
import { answerTime, TIME_SERVER_PORT } from "./time-server.ts";
import type { WiFi } from "./wifi.ts";

/** Of the ESP32's lwIP, less what the system keeps for itself. */
const MAX_SOCKETS = 10;
const MAX_PORT = 65_535;
/** Of a good Wi-Fi, in dBm. */
const SIGNAL = -58;

/** Longer than anything that is simulated. */
const FOR_EVER: Millis = 2 ** 31 - 1;

/** What the network's time server says, in ms since 1970; undefined: it does not answer. */
export type TimeServer = () => number | undefined;

export interface NetworkOptions {
	readonly mac: string;
	readonly latency: Millis;
	readonly wifi: WiFi;
	readonly timeServer: TimeServer;
}

/** The network that a machine is on. */
export class Network {
	readonly #events: EventQueue;
	readonly #options: NetworkOptions;
	readonly #sockets = new Map<number, TcpSocket>();
	readonly #udp = new Set<number>();

	constructor(events: EventQueue, options: NetworkOptions) {
		this.#events = events;
		this.#options = options;
	}

	/** What Moddable's `net` knows. */
	facts(what: string): unknown {
		return { MAC: this.#options.mac, DNS: [NAME_SERVER.address], RSSI: SIGNAL }[what] ?? null;
	}

	/** Throws what the device throws. */
	openTcp(id: number, port: number, address: string): void {
		if (!isIPv4(address)) throw new Error("invalid address");
		if (port > MAX_PORT) throw new Error("invalid port");
		if (this.#sockets.size >= MAX_SOCKETS) throw new Error("no socket");
		if (!this.#options.wifi.isUp) throw new Error("no route");
		this.#sockets.set(id, new TcpSocket(id, address, port, this.#options.latency, this.#events));
	}

	/** Throws when it is closed. */
	tcp(id: number): TcpSocket {
		const socket = this.#sockets.get(id);
		if (!socket) throw new Error("socket is closed");
		return socket;
	}

	closeTcp(id: number): void {
		this.tcp(id).close();
		this.#sockets.delete(id);
	}

	/** Only name servers and time servers can be reached; anything else throws. */
	sendUdp(id: number, port: number, address: string, bytes: Uint8Array): void {
		const isForTime = port === TIME_SERVER_PORT;
		if (!(this.#options.wifi.isUp && (isForTime || isNameServer(address, port)))) throw new Error("UDP send failed");
		this.#udp.add(id);
		const query = Buffer.from(bytes);
		void (isForTime ? this.#answerTime(query) : answerQuery(query, address)).then((answer) => {
			if (answer) this.#deliverUdp(id, address, port, answer);
		});
	}

	async #answerTime(request: Uint8Array): Promise<Uint8Array | undefined> {
		const time = this.#options.timeServer();
		return time === undefined ? undefined : answerTime(request, time);
	}

	closeUdp(id: number): void {
		this.#udp.delete(id);
	}

	/** Every open connection is reset. */
	reset(): void {
		for (const socket of this.#sockets.values()) socket.reset();
	}

	/** Every open connection goes silent for this long; new ones do not. */
	stall(duration: Millis): void {
		for (const socket of this.#sockets.values()) socket.stall(duration);
	}

	/** The access point goes: whoever talked over it hears nothing more, and nobody says so. */
	loseWiFi(): void {
		this.stall(FOR_EVER);
		this.#options.wifi.lose();
	}

	restoreWiFi(): void {
		this.#options.wifi.restore();
	}

	/** The machine is gone: the other ends see their connections close. */
	close(): void {
		for (const socket of this.#sockets.values()) socket.destroy();
		this.#sockets.clear();
		this.#udp.clear();
	}

	#deliverUdp(id: number, address: string, port: number, bytes: Uint8Array): void {
		this.#events.post(() => (this.#udp.has(id) ? message(EVENT.UDP_PACKET, id, port, address, bytes) : undefined));
	}
}
