import { createHash } from "node:crypto";
import type { Reading } from "../../../hosts/device/firmware/sensor.ts";
import { readSettings } from "../../../hosts/device/firmware/settings.ts";
import { Station } from "../../../hosts/device/firmware/station.ts";
import type { VerifyStatement } from "../../../hosts/device/index.ts";
import { decodeUtf8, encodeUtf8, type PublishPacket } from "../../../src/codec/index.ts";
import type { Connection, Log, LogLevel, Transport, TransportEvents } from "../../../src/ports/index.ts";
import { Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { SeededRandom } from "../../support/seeded-random.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { UpdatePartition } from "./update-partition.ts";

/** What is offered in these tests. */
export const IMAGE = Buffer.from("a new firmware, better than the old one");
export const OFFER = {
	version: "9.9.9",
	size: IMAGE.length,
	sha256: createHash("sha256").update(IMAGE).digest("hex"),
};

const BASE = "motehub/dut";

/** The reference firmware on virtual time. Its broker is the test, which acknowledges when it says so. */
export class VirtualStation implements Transport, Log {
	readonly endpoint = "broker.test:1883";
	readonly partition = new UpdatePartition(IMAGE.length);
	/** Filters that it has subscribed to. */
	readonly subscribed: string[] = [];
	readonly published: PublishPacket[] = [];
	/** What it traced, with the reason where there is one. */
	readonly lines: string[] = [];
	restarts = 0;
	/** What its sensor says. */
	reading: Reading = { temperature: 20, humidity: 50 };
	/** Whether what it publishes is acknowledged. */
	acknowledges = true;
	readonly #clock = new VirtualClock();
	#connection: Peer | undefined;

	/** Boots, connects, and announces itself. */
	constructor(verify?: VerifyStatement) {
		const station = new Station({
			settings: readSettings({ mqtt: { broker: "broker.test" }, firmware: { interval: 3_600 } }),
			clientId: "dut",
			ports: {
				transport: this,
				link: undefined,
				clock: this.#clock,
				random: new SeededRandom(1),
				store: new MemoryStore(),
				flash: new MemoryStore(),
				log: this,
			},
			board: {
				identify: () => undefined,
				updates: this.partition,
				restart: () => void this.restarts++,
				onShutdown: () => undefined,
			},
			sensor: { read: () => this.reading },
			verify,
			signal: () => undefined,
		});
		station.start();
		this.#broker.open();
		this.#broker.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
		this.settle();
	}

	open(events: TransportEvents): Connection {
		const peer = new Peer(events);
		this.#connection = peer;
		return peer;
	}

	write(_level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
		this.lines.push("reason" in fields ? `${message}: ${String(fields.reason)}` : message);
	}

	/** What it said on this topic of its own, in order. */
	said(topic: string): string[] {
		const packets = this.published.filter((packet) => packet.topic === `${BASE}/${topic}`);
		return packets.map(({ payload }) => decodeUtf8(payload, 0, payload.length));
	}

	/** Publishes to it, below its own topics, and takes its answers. */
	tell(topic: string, payload: string | Uint8Array, retain = false): void {
		this.tellAll([[topic, payload]], retain);
	}

	/** Several messages that arrive together. */
	tellAll(messages: readonly (readonly [topic: string, payload: string | Uint8Array])[], retain = false): void {
		const rest = { qos: 0, dup: false, messageId: undefined, properties: undefined, retain } as const;
		const packets = messages.map(([topic, payload]) => {
			const bytes = typeof payload === "string" ? encodeUtf8(payload) : payload;
			return { cmd: "publish", topic: `${BASE}/${topic}`, payload: bytes, ...rest } as const;
		});
		this.#broker.send(...packets);
		this.settle();
	}

	offer(changes: Readonly<Record<string, unknown>> = {}): void {
		this.tell("update", JSON.stringify({ ...OFFER, ...changes }), true);
	}

	/** Answers until it has no more to say. */
	settle(): void {
		for (;;) {
			this.advance(10);
			const packets = this.#broker.take();
			if (packets.length === 0) return;
			for (const packet of packets) {
				if (packet.cmd === "publish") this.#published(packet);
				if (packet.cmd !== "subscribe") continue;
				this.subscribed.push(...packet.subscriptions.map(({ topic }) => topic));
				this.#broker.send({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
			}
		}
	}

	/** Lets time pass without an answer. */
	advance(duration: number): void {
		this.#clock.advance(duration);
	}

	/** Resolves when what waits for promises has run. */
	async promises(): Promise<void> {
		await new Promise<void>((resolve) => setImmediate(resolve));
	}

	get #broker(): Peer {
		if (this.#connection === undefined) throw new Error("the station has not connected");
		return this.#connection;
	}

	#published(packet: PublishPacket): void {
		this.published.push({ ...packet, payload: packet.payload.slice() });
		const { messageId } = packet;
		if (messageId !== undefined && this.acknowledges) this.#broker.send({ cmd: "puback", messageId, reasonCode: 0 });
	}
}
