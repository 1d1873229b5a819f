import {
	type DecodedPacket,
	Decoder,
	encode,
	type Packet,
	type PublishPacket,
	type QoS,
	SERVER,
} from "../../src/codec/index.ts";

/** How the broker reaches its client, for the length of one connection. */
export interface Downlink {
	send(bytes: Uint8Array): void;
	close(): void;
}

interface Outgoing {
	readonly messageId: number;
	readonly packet: PublishPacket;
	released: boolean;
}

/** What the broker keeps for the client between connections. */
class Session {
	/** QoS 2 ids that the client has not released. */
	readonly received = new Set<number>();
	readonly inflight = new Map<number, Outgoing>();
	readonly queue: { text: string; qos: QoS }[] = [];
	nextId = 1;
}

const WINDOW = 4;

/**
 * A broker for one client, by the book: everything is delivered as often as the QoS promises as long as the session lives.
 * It throws when the client does what it must not.
 */
export class ModelBroker {
	/** Payloads that the client published, in the order in which the broker passed them on. */
	readonly published: string[] = [];
	#session: Session | undefined;
	#link: Downlink | undefined;
	#decoder = new Decoder({ role: SERVER, maxPacket: 100_000 });
	#isConnected = false;

	/** Whether nothing is on its way to the client. */
	get isIdle(): boolean {
		return this.#session === undefined || this.#session.inflight.size + this.#session.queue.length === 0;
	}

	/** The client opened a connection; an older one is taken over. */
	open(link: Downlink): void {
		this.#link = link;
		this.#isConnected = false;
		this.#decoder = new Decoder({ role: SERVER, maxPacket: 100_000 });
	}

	receive(bytes: Uint8Array): void {
		this.#decoder.push(bytes);
		for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next()) this.#handle(packet);
	}

	/** Forgets the session, as brokers do that keep it in memory. */
	loseSession(): void {
		this.#session = undefined;
		this.#isConnected = false;
		this.#link?.close();
		this.#link = undefined;
	}

	/** Sends a message to the client, now or when it is back. */
	publish(text: string, qos: QoS): void {
		if (this.#session === undefined) return;
		this.#session.queue.push({ text, qos });
		this.#drain();
	}

	#send(packet: Packet): void {
		this.#link?.send(encode(packet, 4));
	}

	#handle(packet: DecodedPacket): void {
		if (packet.cmd === "connect") {
			this.#connect(packet.clean);
			return;
		}
		const session = this.#session;
		if (session === undefined || !this.#isConnected) throw new Error(`${packet.cmd} before CONNECT.`);
		switch (packet.cmd) {
			case "publish":
				return this.#publish(session, packet);
			case "pubrel":
				session.received.delete(packet.messageId);
				return this.#send({ cmd: "pubcomp", messageId: packet.messageId, reasonCode: 0 });
			case "puback":
			case "pubcomp":
				session.inflight.delete(packet.messageId);
				return this.#drain();
			case "pubrec":
				return this.#release(session, packet.messageId);
			case "subscribe": {
				const granted = packet.subscriptions.map(({ qos }) => qos);
				return this.#send({ cmd: "suback", messageId: packet.messageId, granted });
			}
			case "pingreq":
				return this.#send({ cmd: "pingresp" });
			default:
				throw new Error(`The client sent ${packet.cmd}.`);
		}
	}

	#connect(clean: boolean): void {
		if (this.#isConnected) throw new Error("A second CONNECT.");
		const sessionPresent = !clean && this.#session !== undefined;
		if (!sessionPresent) this.#session = new Session();
		this.#isConnected = true;
		this.#send({ cmd: "connack", sessionPresent, reasonCode: 0 });
		for (const { released, messageId, packet } of this.#session?.inflight.values() ?? []) {
			if (released) this.#send({ cmd: "pubrel", messageId, reasonCode: 0 });
			else this.#send({ ...packet, dup: true });
		}
		this.#drain();
	}

	#publish(session: Session, { qos, messageId = 0, payload, dup }: PublishPacket): void {
		const text = String.fromCharCode(...payload);
		if (qos === 2 && session.received.has(messageId)) {
			if (!dup) throw new Error(`Packet id ${messageId} was used again before it was released.`);
		} else this.published.push(text);
		if (qos === 1) this.#send({ cmd: "puback", messageId, reasonCode: 0 });
		if (qos !== 2) return;
		session.received.add(messageId);
		this.#send({ cmd: "pubrec", messageId, reasonCode: 0 });
	}

	#release(session: Session, messageId: number): void {
		const outgoing = session.inflight.get(messageId);
		if (outgoing !== undefined) outgoing.released = true;
		this.#send({ cmd: "pubrel", messageId, reasonCode: 0 });
	}

	#drain(): void {
		const session = this.#session;
		if (session === undefined || !this.#isConnected) return;
		while (session.inflight.size < WINDOW) {
			const next = session.queue.shift();
			if (next === undefined) return;
			const payload = Uint8Array.from(next.text, (c) => c.charCodeAt(0));
			const messageId = next.qos === 0 ? undefined : session.nextId++;
			const header = { topic: "to/client", qos: next.qos, retain: false, dup: false, messageId, properties: undefined };
			const packet: PublishPacket = { cmd: "publish", ...header, payload };
			if (messageId !== undefined) session.inflight.set(messageId, { messageId, packet, released: false });
			this.#send(packet);
		}
	}
}
