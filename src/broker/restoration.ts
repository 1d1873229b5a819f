import type { Broker } from "./broker.ts";
import { Delivery } from "./delivery.ts";
import type { Message } from "./message.ts";
import { watchExpiry } from "./publish.ts";
import { RecordError } from "./record-reader.ts";
import {
	decodeMessage,
	decodeQueued,
	decodeSession,
	decodeSubscription,
	decodeWill,
	type QueueRecord,
} from "./records.ts";
import { Replay } from "./replay.ts";
import { Session } from "./session.ts";
import { startExpiry } from "./sessions.ts";
import { dropUnreferenced, refer } from "./storage.ts";
import type { StoreRecord } from "./store-write.ts";
import { addSubscription } from "./subscriptions.ts";
import { triggerWill } from "./wills.ts";

interface Flight {
	readonly record: QueueRecord;
	readonly delivery: Delivery;
}

/** What is known while the store's rows are read back. */
export class Restoration {
	readonly #broker: Broker;
	readonly #messages = new Map<number, Message>();
	readonly #sessions = new Map<number, Session>();
	readonly #flights = new Map<Session, Flight[]>();

	constructor(broker: Broker) {
		this.#broker = broker;
	}

	/** Takes one row. */
	load({ table, key, value }: StoreRecord): void {
		const [first, second = 0] = key;
		switch (table) {
			case "message":
				return this.#loadMessage(first, value);
			case "retained":
				return this.#loadRetained(first);
			case "session":
				return this.#loadSession(first, value);
			case "will":
				return this.#loadWill(first, value);
			case "subscription":
				return this.#loadSubscription(this.#session(first), second, value);
			case "queue":
				return this.#loadQueued(this.#session(first), second, value);
			case "received":
				this.#session(first).received.add(second);
		}
	}

	/** Settles what needs all rows, and what began when the broker ended: its clients are away since. */
	finish(): void {
		for (const [session, flights] of this.#flights) this.#resume(session, flights);
		for (const message of this.#messages.values()) dropUnreferenced(this.#broker, message);
		for (const session of this.#sessions.values()) {
			if (session.will !== undefined && session.willTimer.slot < 0) triggerWill(this.#broker, session);
			if (session.isLasting && session.expiryTimer.slot < 0) startExpiry(this.#broker, session);
		}
	}

	#loadMessage(id: number, value: Uint8Array): void {
		const message = decodeMessage(value, this.#broker.now, this.#broker.epoch);
		message.storeId = id;
		this.#messages.set(id, message);
		this.#noteId(id);
		this.#broker.stats.storedMessages++;
		this.#broker.stats.storedBytes += message.payload.length;
	}

	#loadRetained(id: number): void {
		const message = this.#message(id);
		refer(this.#broker, message);
		this.#broker.retained.set(message);
		watchExpiry(this.#broker, message);
	}

	#loadSession(id: number, value: Uint8Array): void {
		const { clientId, version, username, expiryInterval, endsAt } = decodeSession(value, this.#broker.epoch);
		const session = new Session(id, clientId, version);
		session.username = username;
		session.expiryInterval = expiryInterval;
		if (Number.isFinite(endsAt)) this.#broker.deadlines.set(session.expiryTimer, endsAt);
		this.#broker.sessions.set(clientId, session);
		this.#broker.stats.sessions = this.#broker.sessions.size;
		this.#sessions.set(id, session);
		this.#noteId(id);
	}

	#loadWill(id: number, value: Uint8Array): void {
		const { clientId, username, will, dueAt } = decodeWill(value, this.#broker.epoch);
		let session = this.#sessions.get(id);
		if (session === undefined) {
			// The session ended with its connection, and so with the broker: its will is all that is left of it.
			session = new Session(id, clientId, 5);
			session.username = username;
			this.#sessions.set(id, session);
			this.#noteId(id);
		}
		session.will = will;
		if (Number.isFinite(dueAt)) this.#broker.deadlines.set(session.willTimer, dueAt);
	}

	#loadSubscription(session: Session, number: number, value: Uint8Array): void {
		const subscription = { session, number, ...decodeSubscription(value) };
		session.restoreNumber(number);
		addSubscription(this.#broker, subscription);
		if (subscription.replaying) session.replays.push(new Replay(subscription));
	}

	#loadQueued(session: Session, sequence: number, value: Uint8Array): void {
		const record = decodeQueued(value);
		const message = this.#message(record.messageId);
		const delivery = new Delivery(message, record, sequence);
		delivery.stored = true;
		refer(this.#broker, message);
		session.restoreNumber(Math.max(sequence, record.order));
		if (record.step === "queued") {
			session.queue.push(delivery);
			this.#broker.stats.queuedMessages++;
			this.#broker.stats.queuedBytes += message.size;
			return;
		}
		const flights = this.#flights.get(session);
		if (flights === undefined) this.#flights.set(session, [{ record, delivery }]);
		else flights.push({ record, delivery });
	}

	/** Puts deliveries back into flight in the order in which they are to be sent again [MQTT-4.6.0-1]. */
	#resume(session: Session, flights: Flight[]): void {
		flights.sort((a, b) => a.record.order - b.record.order);
		for (const { record, delivery } of flights) {
			if (record.step === "queued") continue;
			delivery.sent = true; // for all the broker knows
			session.packetIds.restore(record.packetId);
			const { packetId, qos, step } = record;
			session.inflight.set(packetId, { packetId, qos, message: delivery, step });
			this.#broker.stats.inflightMessages++;
		}
	}

	#session(id: number): Session {
		const session = this.#sessions.get(id);
		if (session === undefined) throw new RecordError(`there is no session ${id}`);
		return session;
	}

	#message(id: number): Message {
		const message = this.#messages.get(id);
		if (message === undefined) throw new RecordError(`there is no message ${id}`);
		return message;
	}

	#noteId(id: number): void {
		this.#broker.lastId = Math.max(this.#broker.lastId, id);
	}
}
