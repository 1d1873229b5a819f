import { DurableStore } from "../../hosts/hub/index.ts";
import { BrokerCore, type ConnectionId } from "../../src/broker/index.ts";
import { encode } from "../../src/codec/index.ts";

/** What a store is filled with. */
export interface StoreContents {
	readonly retained: number;
	readonly sessions: number;
	/** Messages that wait in each session. */
	readonly queued: number;
	/** Bytes of each message. */
	readonly payload: number;
}

const VERSION = 4;
const QUEUED_TOPIC = "all/devices";

/** Fills the store in the folder with what a hub would put there. */
export async function fillStore(folder: string, contents: StoreContents): Promise<void> {
	const store = await DurableStore.open(folder);
	const broker = new BrokerOnStore(store);
	const payload = new Uint8Array(contents.payload).fill(0x61);
	for (let index = 0; index < contents.sessions; index++) broker.addSession(`client-${index}`, QUEUED_TOPIC);
	for (let index = 0; index < contents.queued; index++) broker.publish(QUEUED_TOPIC, payload, false);
	for (let index = 0; index < contents.retained; index++) {
		broker.publish(`homeassistant/sensor/device-${index}/config`, payload, true);
	}
	await store.close();
}

/** A broker core without a network. */
class BrokerOnStore {
	readonly #core: BrokerCore;
	readonly #store: DurableStore;
	#lastConnection: ConnectionId = 0;

	constructor(store: DurableStore) {
		this.#store = store;
		this.#core = new BrokerCore({ random: { next: () => 0.5 }, epoch: performance.timeOrigin, state: store.load() });
	}

	/** A client that subscribes and leaves. */
	addSession(clientId: string, filter: string): void {
		const connection = ++this.#lastConnection;
		this.#core.open(connection, { address: "bench", listener: "bench", transport: "tcp" }, 0);
		const connect = {
			cmd: "connect",
			protocolId: "MQTT",
			protocolVersion: VERSION,
			clean: false,
			keepalive: 0,
		} as const;
		this.#receive(connection, encode({ ...connect, clientId }, VERSION));
		const subscriptions = [{ topic: filter, qos: 1 }] as const;
		this.#receive(connection, encode({ cmd: "subscribe", messageId: 1, subscriptions }, VERSION));
		this.#core.closed(connection, 0);
		this.#drain();
	}

	publish(topic: string, payload: Uint8Array, retain: boolean): void {
		this.#core.publish({ topic, payload, qos: 1, retain }, 0);
		this.#drain();
	}

	#receive(connection: ConnectionId, bytes: Uint8Array): void {
		this.#core.receive(connection, bytes, 0);
		this.#drain();
	}

	#drain(): void {
		for (let action = this.#core.poll(); action !== undefined; action = this.#core.poll()) {
			if (action.kind === "authenticate") this.#core.authenticated(action.connection, { allow: true }, 0);
			if (action.kind !== "commit") continue;
			void this.#store.commit(action.writes);
			this.#core.committed(action.batch, 0); // nobody here relies on it
		}
	}
}
