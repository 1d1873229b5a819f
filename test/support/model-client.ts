import type { AckPacket, DecodedPacket, PublishPacket, QoS } from "../../src/codec/index.ts";
import type { BrokerHarness } from "./broker-harness.ts";
import { asText, type BrokerPeer } from "./broker-peer.ts";

type Ack = AckPacket["cmd"];

/** A message that its publisher has not seen to the end. */
interface Outgoing {
	readonly packet: PublishPacket;
	isReleased: boolean;
}

/**
 * A client with a lasting session that keeps to the rules of QoS 1 and 2 across lost connections: it remembers what it
 * has sent and received, and reads what the broker sent only when it is told to. What it has not read when its connection
 * is lost never arrived.
 */
export class ModelClient {
	readonly clientId: string;
	/** Payloads in the order in which the application got them. */
	readonly delivered: string[] = [];
	/** Payloads that the broker has taken responsibility for. */
	readonly acknowledged: string[] = [];
	readonly #harness: BrokerHarness;
	readonly #outgoing = new Map<number, Outgoing>();
	/** QoS 2 ids that were received and not released. */
	readonly #unreleased = new Set<number>();
	readonly #filters: readonly string[];
	#peer: BrokerPeer | undefined;
	#isSubscribed = false;

	constructor(harness: BrokerHarness, clientId: string, filters: readonly string[] = []) {
		this.#harness = harness;
		this.clientId = clientId;
		this.#filters = filters;
	}

	get isConnected(): boolean {
		return this.#peer !== undefined && !this.#peer.isClosed;
	}

	/** Whether nothing of its own waits for the broker. */
	get isDone(): boolean {
		return this.#outgoing.size === 0 && (this.#isSubscribed || this.#filters.length === 0);
	}

	/** Connects, and sends again what was not acknowledged. Nothing is read yet. */
	connect(): void {
		const peer = this.#harness.open(4);
		this.#peer = peer;
		peer.sendConnect({ clientId: this.clientId, clean: false });
		if (!this.#isSubscribed && this.#filters.length > 0) {
			const subscriptions = this.#filters.map((topic) => ({ topic, qos: 2 }) as const);
			peer.send({ cmd: "subscribe", messageId: 65_535, subscriptions });
		}
		for (const [messageId, { packet, isReleased }] of this.#outgoing) {
			if (isReleased) this.#acknowledge("pubrel", messageId);
			else peer.send({ ...packet, dup: true });
		}
	}

	/** Publishes now, or with the next connection. */
	publish(topic: string, payload: string, qos: QoS, retain: boolean): void {
		const bytes = Uint8Array.from(payload, (letter) => letter.charCodeAt(0));
		const messageId = qos === 0 ? undefined : this.#freeId();
		const packet = { topic, payload: bytes, qos, retain, dup: false, messageId, properties: undefined };
		if (messageId !== undefined)
			this.#outgoing.set(messageId, { packet: { cmd: "publish", ...packet }, isReleased: false });
		if (this.isConnected) this.#peer?.send({ cmd: "publish", ...packet });
	}

	/** Reads up to so many of the packets that have arrived. */
	read(count: number): void {
		for (let i = 0; i < count && this.isConnected; i++) {
			const packet = this.#peer?.packets.shift();
			if (packet === undefined) return;
			this.#handle(packet);
		}
	}

	/** The connection is lost, with whatever is under way. */
	lose(): void {
		if (this.isConnected) this.#peer?.lose();
	}

	/** The lowest: an id that is used again soon is the hardest test of whether the broker has forgotten it. */
	#freeId(): number {
		let id = 1;
		while (this.#outgoing.has(id)) id++;
		return id;
	}

	#handle(packet: DecodedPacket): void {
		switch (packet.cmd) {
			case "publish":
				return this.#receive(packet);
			case "pubrel":
				this.#unreleased.delete(packet.messageId);
				return this.#acknowledge("pubcomp", packet.messageId);
			case "puback":
			case "pubcomp":
				return this.#finish(packet.cmd, packet.messageId);
			case "pubrec":
				return this.#release(packet.messageId);
			case "suback":
				this.#isSubscribed = true;
				return;
			case "connack":
				if (this.#isSubscribed && !packet.sessionPresent) throw new Error("The broker lost a session.");
				return;
			default:
				throw new Error(`Unexpected ${packet.cmd}.`);
		}
	}

	#receive({ messageId, qos, payload }: PublishPacket): void {
		if (qos < 2 || messageId === undefined || !this.#unreleased.has(messageId)) this.delivered.push(asText(payload));
		if (messageId === undefined) return;
		if (qos === 2) this.#unreleased.add(messageId);
		this.#acknowledge(qos === 1 ? "puback" : "pubrec", messageId);
	}

	#finish(cmd: "puback" | "pubcomp", messageId: number): void {
		const outgoing = this.#outgoing.get(messageId);
		if (outgoing === undefined) return;
		if (cmd === "puback") this.acknowledged.push(asText(outgoing.packet.payload));
		this.#outgoing.delete(messageId);
	}

	#release(messageId: number): void {
		const outgoing = this.#outgoing.get(messageId);
		if (outgoing !== undefined && !outgoing.isReleased) {
			outgoing.isReleased = true;
			this.acknowledged.push(asText(outgoing.packet.payload));
		}
		this.#acknowledge("pubrel", messageId);
	}

	#acknowledge(cmd: Ack, messageId: number): void {
		this.#peer?.send({ cmd, messageId, reasonCode: 0 });
	}
}
