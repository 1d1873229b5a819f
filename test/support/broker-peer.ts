import type { ConnectionId } from "../../src/broker/index.ts";
import {
	type AckCommand,
	type AckPacket,
	CLIENT,
	type ConnackPacket,
	type ConnectPacket,
	type DecodedPacket,
	Decoder,
	encode,
	encodeUtf8,
	type Packet,
	type ProtocolVersion,
	type PublishPacket,
	type PublishProperties,
	type QoS,
	type SubscribePacket,
	type Subscription,
} from "../../src/codec/index.ts";
import type { Millis } from "../../src/ports/index.ts";
import type { BrokerHarness } from "./broker-harness.ts";

export interface ConnectOptions extends Partial<Omit<ConnectPacket, "cmd" | "protocolId" | "protocolVersion">> {
	readonly version?: ProtocolVersion;
}

export interface PublishOptions {
	readonly qos?: QoS;
	readonly retain?: boolean;
	readonly dup?: boolean;
	readonly messageId?: number;
	readonly properties?: PublishProperties;
}

/** A PUBLISH that a client got, its payload as text. */
export type ReceivedMessage = Omit<PublishPacket, "cmd" | "payload"> & { readonly payload: string };

type Cmd = DecodedPacket["cmd"];
type PacketOf<C extends Cmd> = C extends AckCommand ? AckPacket : Extract<DecodedPacket, { cmd: C }>;

/** A client, played by a test: it sends what it is told to and keeps what it gets. Nothing is acknowledged by itself. */
export class BrokerPeer {
	readonly connection: ConnectionId;
	readonly version: ProtocolVersion;
	/** The CONNACK with which it was accepted. */
	connack: ConnackPacket | undefined;
	/** What the broker sent and no test has taken. */
	packets: DecodedPacket[] = [];
	/** Chunks of the `send` actions, as lengths: one array for each action. */
	readonly sends: number[][] = [];
	isClosed = false;
	/** Whether it looks at what it gets. */
	isDecoding = true;
	/** Whether the host was told to read. */
	isRead = true;
	/** Whether QoS 1 and 2 messages are acknowledged to the end as they come. */
	acknowledges = false;
	readonly #harness: BrokerHarness;
	readonly #decoder = new Decoder({ role: CLIENT, maxPacket: 268_435_460 });
	#lastMessageId = 0;

	constructor(harness: BrokerHarness, connection: ConnectionId, version: ProtocolVersion) {
		this.#harness = harness;
		this.connection = connection;
		this.version = version;
		this.#decoder.version = version;
	}

	/** Sends bytes, in pieces of at most `cut`. */
	sendBytes(bytes: Uint8Array, cut = bytes.length): void {
		for (let at = 0; at < bytes.length; at += cut) {
			// A buffer of its own, as a socket would give; the core may keep views on it until it is drained.
			this.#harness.core.receive(this.connection, bytes.slice(at, at + cut), this.#harness.now);
			this.#harness.drain();
		}
	}

	/** Sends packets in one piece. */
	send(...packets: Packet[]): void {
		const frames = packets.map((packet) => encode(packet, this.version));
		const bytes = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
		let at = 0;
		for (const frame of frames) {
			bytes.set(frame, at);
			at += frame.length;
		}
		this.sendBytes(bytes);
	}

	sendConnect(options: ConnectOptions = {}): void {
		this.send(connectPacket(this.version, options));
	}

	/** Subscribes and returns the granted codes. */
	subscribe(
		subscriptions: string | readonly Subscription[],
		qos: QoS = 0,
		properties?: SubscribePacket["properties"],
	): readonly number[] {
		const list = typeof subscriptions === "string" ? [{ topic: subscriptions, qos }] : subscriptions;
		const messageId = this.nextMessageId();
		const packet = { cmd: "subscribe", messageId, subscriptions: list } as const;
		this.send(properties === undefined ? packet : { ...packet, properties });
		return this.takeOne("suback").granted;
	}

	/** Unsubscribes and returns the codes. */
	unsubscribe(...filters: string[]): readonly number[] {
		this.send({ cmd: "unsubscribe", messageId: this.nextMessageId(), unsubscriptions: filters });
		return this.takeOne("unsuback").granted;
	}

	/** Publishes; the acknowledgement is left among `packets`. Returns the message id. */
	publish(topic: string, payload = "", options: PublishOptions = {}): number {
		const packet = this.publishPacket(topic, payload, options);
		this.send(packet);
		return packet.messageId ?? 0;
	}

	publishPacket(topic: string, payload = "", options: PublishOptions = {}): PublishPacket {
		const { qos = 0, retain = false, dup = false, properties } = options;
		const messageId = qos === 0 ? undefined : (options.messageId ?? this.nextMessageId());
		return { cmd: "publish", topic, payload: encodeUtf8(payload), qos, retain, dup, messageId, properties };
	}

	/** Publishes at QoS 2 and does the whole handshake. */
	publishExactlyOnce(topic: string, payload = ""): void {
		const messageId = this.publish(topic, payload, { qos: 2 });
		this.takeOne("pubrec");
		this.send({ cmd: "pubrel", messageId, reasonCode: 0 });
		this.takeOne("pubcomp");
	}

	/** Leaves in good order. */
	disconnect(reasonCode = 0, sessionExpiryInterval?: number): void {
		const packet = { cmd: "disconnect", reasonCode } as const;
		this.send(sessionExpiryInterval === undefined ? packet : { ...packet, properties: { sessionExpiryInterval } });
	}

	/** The transport ends without a word. */
	lose(): void {
		this.isClosed = true;
		this.#harness.lose(this.connection);
	}

	setWritable(flag: boolean): void {
		this.#harness.core.writable(this.connection, flag, this.#harness.now);
		this.#harness.drain();
	}

	/** Takes everything that the broker sent. */
	take(): DecodedPacket[] {
		const taken = this.packets;
		this.packets = [];
		return taken;
	}

	/** Takes the first packet of this kind; there must be one. */
	takeOne<C extends Cmd>(cmd: C): PacketOf<C> {
		const index = this.packets.findIndex((packet) => packet.cmd === cmd);
		const packet = this.packets[index];
		if (packet === undefined) {
			const got = this.packets.map((other) => other.cmd).join(", ") || "nothing";
			throw new Error(`Expected ${cmd}, got ${got}${this.isClosed ? " and the connection closed" : ""}.`);
		}
		this.packets.splice(index, 1);
		return packet as PacketOf<C>;
	}

	/** Takes every PUBLISH, and leaves the rest. */
	messages(): ReceivedMessage[] {
		const taken: ReceivedMessage[] = [];
		const others: DecodedPacket[] = [];
		for (const packet of this.packets) {
			if (packet.cmd === "publish") taken.push(summary(packet));
			else others.push(packet);
		}
		this.packets = others;
		return taken;
	}

	/** The payloads of every PUBLISH, which are taken. */
	payloads(): string[] {
		return this.messages().map(({ payload }) => payload);
	}

	nextMessageId(): number {
		this.#lastMessageId = (this.#lastMessageId % 65_535) + 1;
		return this.#lastMessageId;
	}

	/** The broker sends. */
	receive(chunks: readonly Uint8Array[]): void {
		if (this.isClosed) throw new Error("The broker wrote to a connection that it had closed.");
		this.sends.push(chunks.map(({ length }) => length));
		if (!this.isDecoding) return;
		for (const chunk of chunks) {
			this.#decoder.push(chunk.slice());
			for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next()) this.#note(packet);
		}
	}

	/** The broker closes. */
	close(): void {
		this.isClosed = true;
	}

	setReading(flag: boolean): void {
		this.isRead = flag;
	}

	/** Milliseconds until the broker's next deadline. */
	get untilDeadline(): Millis | undefined {
		const next = this.#harness.core.nextTimeout();
		return next === undefined ? undefined : next - this.#harness.now;
	}

	#note(packet: DecodedPacket): void {
		this.packets.push(packet);
		if (!this.acknowledges) return;
		// Only into the core: the harness is draining it already.
		const answer = answerTo(packet);
		if (answer !== undefined) {
			this.#harness.core.receive(this.connection, encode(answer, this.version), this.#harness.now);
		}
	}
}

function connectPacket(version: ProtocolVersion, options: ConnectOptions): ConnectPacket {
	const { version: _, ...fields } = options;
	const protocolId = version === 3 ? "MQIsdp" : "MQTT";
	const basics = { clean: true, clientId: "client", keepalive: 0 };
	return { cmd: "connect", protocolId, protocolVersion: version, ...basics, ...fields };
}

function answerTo(packet: DecodedPacket): Packet | undefined {
	if (packet.cmd === "publish" && packet.messageId !== undefined) {
		return { cmd: packet.qos === 1 ? "puback" : "pubrec", messageId: packet.messageId, reasonCode: 0 };
	}
	if (packet.cmd === "pubrel") return { cmd: "pubcomp", messageId: packet.messageId, reasonCode: 0 };
	return undefined;
}

function summary({ cmd: _, payload, ...rest }: PublishPacket): ReceivedMessage {
	return { ...rest, payload: asText(payload) };
}

/** ASCII, one character for each byte. */
export function asText(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
