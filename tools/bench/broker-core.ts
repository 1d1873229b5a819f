/** The broker core alone, in one process, without sockets: `node dist/tools/bench/broker-core.js`. CPU time counts. */
import { BrokerCore, type ConnectionId } from "../../src/broker/index.ts";
import {
	CLIENT,
	Decoder,
	encode,
	encodeAck,
	encodePublish,
	type ProtocolVersion,
	type QoS,
} from "../../src/codec/index.ts";

const TOPIC = "sensors/kitchen/temperature";
const FILTER = "sensors/+/temperature";
const PUBLISHER = 1;
/** Messages that arrive together, as in one read of a socket. */
const BURST = 500;
const MESSAGES = 500_000;

/** A core whose host commits at once and answers every PUBLISH of QoS 1. */
class Bench {
	readonly #core = new BrokerCore({ random: { next: () => 0.5 } });
	readonly #decoder = new Decoder({ role: CLIENT, maxPacket: 1_000_000 });
	readonly #version: ProtocolVersion;
	readonly #acks = new Map<ConnectionId, Uint8Array[]>();
	delivered = 0;

	constructor(version: ProtocolVersion, subscribers: number, qos: QoS, clean: boolean) {
		this.#version = version;
		this.#decoder.version = version;
		this.#connect(PUBLISHER, true);
		for (let id = 2; id < subscribers + 2; id++) {
			this.#connect(id, clean);
			this.receive(id, encode({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: FILTER, qos }] }, version));
		}
	}

	receive(connection: ConnectionId, bytes: Uint8Array): void {
		this.#core.receive(connection, bytes, 0);
		this.#drain();
		for (const [id, acks] of this.#acks) {
			this.#acks.delete(id);
			this.receive(id, join(acks));
		}
	}

	#connect(id: ConnectionId, clean: boolean): void {
		const properties = this.#version === 5 && !clean ? { sessionExpiryInterval: 3_600 } : {};
		const packet = { cmd: "connect", protocolId: "MQTT", protocolVersion: this.#version } as const;
		this.#core.open(id, { address: "", listener: "", transport: "tcp" }, 0);
		this.receive(id, encode({ ...packet, clean, clientId: `${id}`, keepalive: 0, properties }, this.#version));
	}

	#drain(): void {
		for (let action = this.#core.poll(); action !== undefined; action = this.#core.poll()) {
			if (action.kind === "authenticate") this.#core.authenticated(action.connection, { allow: true }, 0);
			else if (action.kind === "commit") this.#core.committed(action.batch, 0);
			else if (action.kind === "send" && action.connection !== PUBLISHER) this.#take(action.connection, action.chunks);
		}
	}

	#take(connection: ConnectionId, chunks: readonly Uint8Array[]): void {
		const acks: Uint8Array[] = [];
		for (const chunk of chunks) {
			this.#decoder.push(chunk);
			for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next()) {
				if (packet.cmd !== "publish") continue;
				this.delivered++;
				if (packet.messageId !== undefined) acks.push(encodeAck("puback", packet.messageId, 0, this.#version));
			}
		}
		if (acks.length > 0) this.#acks.set(connection, acks);
	}
}

function join(frames: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
	let at = 0;
	for (const frame of frames) {
		bytes.set(frame, at);
		at += frame.length;
	}
	return bytes;
}

function burst(qos: QoS, version: ProtocolVersion): Uint8Array {
	const frames: Uint8Array[] = [];
	for (let i = 1; i <= BURST; i++) {
		const header = { topic: TOPIC, qos, retain: false, dup: false, properties: undefined };
		frames.push(encodePublish({ ...header, messageId: qos === 0 ? undefined : i }, new Uint8Array(64), version));
	}
	return join(frames);
}

/** Messages delivered in a second of CPU time, the other end's decoding and acknowledging included. */
function measure(version: ProtocolVersion, subscribers: number, qos: QoS, clean: boolean): number {
	const bench = new Bench(version, subscribers, qos, clean);
	const bytes = burst(qos, version);
	for (let i = 0; i < 20; i++) bench.receive(PUBLISHER, bytes);
	bench.delivered = 0;
	const start = process.cpuUsage();
	while (bench.delivered < MESSAGES) bench.receive(PUBLISHER, bytes);
	const { user, system } = process.cpuUsage(start);
	return bench.delivered / ((user + system) / 1_000_000);
}

for (const version of [4, 5] as const) {
	const level = version === 4 ? "3.1.1" : "5    ";
	const line = (name: string, figure: number) =>
		console.log(`${level} ${name.padEnd(40)} ${Math.round(figure).toLocaleString("en-US").padStart(12)} msg/s`);
	line("QoS 0, 1 to 1", measure(version, 1, 0, true));
	line("QoS 0, 1 to 50, delivered", measure(version, 50, 0, true));
	line("QoS 1, 1 to 1", measure(version, 1, 1, true));
	line("QoS 1, 1 to 1, session in the store", measure(version, 1, 1, false));
}
