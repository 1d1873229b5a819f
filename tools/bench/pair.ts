import { type DecodedPacket, encodeAck, encodePublish } from "../../src/codec/index.ts";
import { type Entrance, type Login, MqttSocket } from "./mqtt-socket.ts";
import type { Workload } from "./workload.ts";

const VERSION = 4;

/** One publisher and one subscriber: each message that is delivered, and acknowledged if it must be, lets one follow. */
export class Pair {
	/** Messages delivered to the subscriber. */
	delivered = 0;
	readonly #publisher: MqttSocket;
	readonly #subscriber: MqttSocket;
	readonly #frames: Frames;
	readonly #acks: Uint8Array[] = [];
	readonly #window: number;
	#sent = 0;
	#acknowledged: number;

	private constructor(publisher: MqttSocket, subscriber: MqttSocket, frames: Frames, { qos, window }: Workload) {
		this.#publisher = publisher;
		this.#subscriber = subscriber;
		this.#frames = frames;
		this.#window = window;
		this.#acknowledged = qos === 0 ? Number.POSITIVE_INFINITY : 0;
		subscriber.listen(
			(packet) => this.#deliver(packet),
			() => this.#deliveriesEnd(),
		);
		publisher.listen(
			(packet) => {
				if (packet.cmd === "puback") this.#acknowledged++;
			},
			() => this.publish(),
		);
	}

	static async open({ port, password }: Entrance, index: number, workload: Workload): Promise<Pair> {
		const name = pairName(index);
		const topic = `bench/${name}`;
		const login = { port, user: password === undefined ? undefined : { username: name, password } };
		const subscriber = await openSubscriber({ ...login, clientId: `${name}-sub` }, workload.isLasting ?? false);
		await subscriber.subscribe(topic, workload.qos);
		const publisher = await MqttSocket.open({ ...login, clientId: `${name}-pub` });
		return new Pair(publisher, subscriber, new Frames(topic, workload), workload);
	}

	/** Sends as many messages as the window allows, in one write. */
	publish(): void {
		const room = this.#window - (this.#sent - Math.min(this.delivered, this.#acknowledged));
		if (room === 0) return;
		for (const bytes of this.#frames.take(room)) this.#publisher.send(bytes);
		this.#sent += room;
	}

	close(): void {
		this.#publisher.close();
		this.#subscriber.close();
	}

	#deliver(packet: DecodedPacket): void {
		if (packet.cmd !== "publish") return;
		this.delivered++;
		if (packet.messageId !== undefined) this.#acks.push(encodeAck("puback", packet.messageId, 0, VERSION));
	}

	#deliveriesEnd(): void {
		if (this.#acks.length > 0) this.#subscriber.send(Buffer.concat(this.#acks));
		this.#acks.length = 0;
		this.publish();
	}
}

/** Its user, and what its topic ends with. */
export function pairName(index: number): string {
	return `pair-${index}`;
}

/** Nothing of an earlier run is left in its session. */
async function openSubscriber(login: Login, isLasting: boolean): Promise<MqttSocket> {
	const subscriber = await MqttSocket.open(login);
	if (!isLasting) return subscriber;
	subscriber.close();
	return MqttSocket.open({ ...login, clean: false });
}

/** The messages of one window, encoded beforehand: packet ids 1 to `window`, over and over. */
class Frames {
	readonly #bytes: Buffer;
	readonly #frameLength: number;
	#next = 0;

	constructor(topic: string, { qos, payload, window }: Workload) {
		const body = new Uint8Array(payload).fill(0x61);
		const header = { topic, qos, retain: false, dup: false, properties: undefined };
		const frames = Array.from({ length: window }, (_, index) =>
			encodePublish({ ...header, messageId: qos === 0 ? undefined : index + 1 }, body, VERSION),
		);
		this.#bytes = Buffer.concat(frames);
		this.#frameLength = this.#bytes.length / window;
	}

	/** The next `count` frames, at most a window of them, in one piece or in two where the packet ids wrap. */
	take(count: number): readonly Uint8Array[] {
		const start = this.#next * this.#frameLength;
		const end = start + count * this.#frameLength;
		const wrapped = end - this.#bytes.length;
		this.#next = (end % this.#bytes.length) / this.#frameLength;
		if (wrapped <= 0) return [this.#bytes.subarray(start, end)];
		return [this.#bytes.subarray(start), this.#bytes.subarray(0, wrapped)];
	}
}
