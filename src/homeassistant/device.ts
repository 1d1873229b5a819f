import type { Client, ClientError, ClientState, Message, PublishOptions, WillOptions } from "../client/index.ts";
import { decodeUtf8, ProtocolError, UsageError } from "../codec/index.ts";
import type { Clock, Log, Millis, Random, TimerHandle } from "../ports/index.ts";
import { type Announcement, Announcer } from "./announcer.ts";
import { checkEntity } from "./check-entity.ts";
import { CommandError, commandOf } from "./command.ts";
import { isShared, stateTopic, TRIGGERED } from "./component.ts";
import { checkId, type DeviceInfo, discoveryPayload, type Origin } from "./discovery.ts";
import type { Entity } from "./entity.ts";
import { type EntityState, statePayload } from "./state-payload.ts";
import { DeviceTopics, DISCOVERY_PREFIX, RESERVED_IDS } from "./topics.ts";

export interface HomeAssistantOptions {
	readonly device: DeviceInfo;
	readonly origin: Origin;
	readonly entities: readonly Entity[];
	/** Where the device's own topics are. Default `motehub/<device id>`. */
	readonly base?: string;
	/** Default `homeassistant`. */
	readonly discoveryPrefix?: string;
	/**
	 * After a restart of Home Assistant, everything is published again after a random part of this time, so that a house
	 * full of devices does not answer at once. Default 10 s.
	 */
	readonly statusDelay?: Millis;
}

export interface HomeAssistantPorts {
	readonly client: Client;
	readonly clock: Clock;
	readonly random: Random;
	readonly log?: Log;
	/** Told what went wrong, in place of the log. */
	readonly onFault?: (fault: HomeAssistantFault) => void;
}

/** A command that was not obeyed, or a message that was not published or not received; `reason` is for a person. */
export interface HomeAssistantFault {
	readonly event: "command-refused" | "commands-unheard" | "announcement-lost";
	readonly topic: string;
	readonly reason: string;
}

/** Readings by entity id, or by any other name for those who read the JSON themselves. Null: not known at present. */
export type SharedReadings = Readonly<Record<string, number | string | null>>;

const ONLINE = "online";
const OFFLINE = "offline";
const STATUS_DELAY: Millis = 10_000;
const EMPTY = new Uint8Array(0);
/** What is announced is announced again with each connection: a restart need not remember it. */
const ANNOUNCED: PublishOptions = { qos: 1, retain: true, persist: false };

/**
 * One device in Home Assistant, made of entities. Make it first, give its `will` and `connectionChanged` to the client's
 * options, then `attach` it to the client. States are the latest values, not a log: while offline only the last one is
 * kept, and published after the reconnect.
 */
export class HomeAssistantDevice {
	/** For the client's options: what makes Home Assistant show the device as unavailable. */
	readonly will: WillOptions;
	readonly #options: HomeAssistantOptions;
	readonly #topics: DeviceTopics;
	readonly #entities = new Map<string, Entity>();
	readonly #removed = new Map<string, Entity["platform"]>();
	/** The last state of each entity, as it is published. */
	readonly #states = new Map<string, string>();
	#readings: string | undefined;
	#ports: HomeAssistantPorts | undefined;
	#announcer: Announcer | undefined;
	#announceTimer: TimerHandle;
	/** There is somebody to tell. */
	#isOnline = false;
	#isRemoved = false;

	/** Throws UsageError for ids that cannot be part of a topic, an id that is there twice, and entities that Home Assistant refuses. */
	constructor(options: HomeAssistantOptions) {
		const { device, entities, base = `motehub/${device.id}`, discoveryPrefix = DISCOVERY_PREFIX } = options;
		checkId("device id", device.id);
		for (const entity of entities) this.add(entity, entities);
		this.#options = options;
		this.#topics = new DeviceTopics(base, discoveryPrefix, device.id);
		this.will = { topic: this.#topics.availability, payload: OFFLINE, qos: 1, retain: true };
	}

	/** Subscribes to commands and to Home Assistant's status. Call it once. */
	attach(ports: HomeAssistantPorts): void {
		if (this.#ports !== undefined) throw new UsageError("This device is attached to a client already.");
		this.#ports = ports;
		this.#announcer = new Announcer(
			(topic, payload, done) => ports.client.publish(topic, payload, ANNOUNCED, done),
			(topic, error) => this.failed("announcement-lost", topic, error),
		);
		this.subscribe(ports.client, this.#topics.commands, (message) => this.command(message));
		this.subscribe(ports.client, this.#topics.status, (message) => this.status(message));
	}

	/** For the client's `onState`: announces the device whenever it comes online. */
	connectionChanged(state: ClientState): void {
		this.#isOnline = state.kind === "online" && !this.#isRemoved;
		// In a turn of its own: below the callback of a socket, the stack of a small machine is half used up already.
		if (this.#isOnline) this.announceIn(0);
		else {
			this.cancelAnnouncement();
			this.#announcer?.stop();
		}
	}

	/** Sets an entity's state. Throws UsageError for an unknown entity, or a state that it cannot have. */
	setState(entityId: string, state: EntityState): void {
		const entity = this.entity(entityId);
		if (isShared(entity)) throw new UsageError(`"${entityId}" is set with others, by setShared.`);
		const payload = statePayload(entity, state);
		this.#states.set(entityId, payload);
		// At QoS 0: should it be lost with the connection, the reconnect publishes the latest anyway.
		if (this.#isOnline) this.#ports?.client.publish(this.#topics.state(entityId), payload, { retain: true });
	}

	/**
	 * Sets the states of all `shared` sensors, in one message: half as long on the air as one for each. A sensor that is
	 * not named is unknown. Throws UsageError for a state that its sensor cannot have.
	 */
	setShared(readings: SharedReadings): void {
		const all: Record<string, number | string | null> = { ...readings };
		for (const entity of this.#entities.values()) {
			if (!isShared(entity)) continue;
			const reading = readings[entity.id] ?? null;
			if (reading !== null) statePayload(entity, reading);
			all[entity.id] = reading;
		}
		this.#readings = JSON.stringify(all);
		if (this.#isOnline) this.#ports?.client.publish(this.#topics.shared, this.#readings, { retain: true });
	}

	/** Fires a device trigger. While offline it is lost: what happened then is over. */
	trigger(entityId: string): void {
		const entity = this.entity(entityId);
		if (entity.platform !== "device_automation")
			throw new UsageError(`"${entityId}" is a ${entity.platform}, no trigger.`);
		if (this.#isOnline) this.#ports?.client.publish(this.#topics.state(entityId), TRIGGERED, { qos: 1 });
	}

	/** Takes an entity out of Home Assistant, its state with it. */
	removeEntity(entityId: string): void {
		const { platform } = this.entity(entityId);
		this.#entities.delete(entityId);
		this.#states.delete(entityId);
		this.#removed.set(entityId, platform);
		if (this.#isOnline) this.announce();
	}

	/**
	 * Takes the device out of Home Assistant for good, with all that is retained of it. `done` when the broker has it all.
	 */
	remove(done?: () => void): void {
		this.#isRemoved = true;
		this.#isOnline = false;
		const { availability, discovery } = this.#topics;
		const topics = [discovery, ...this.stateTopics(), availability];
		const queue: Announcement[] = topics.map((topic) => ({ topic, payload: () => EMPTY }));
		this.announceThen(queue, { qos: 1, retain: true }, done);
	}

	/**
	 * Says that the device goes offline on purpose: before `Client.end`, which keeps the will from being sent. Of a device that
	 * was removed nothing stays behind by it.
	 */
	goodbye(done?: () => void): void {
		const payload = this.#isRemoved ? EMPTY : OFFLINE;
		this.announceThen([{ topic: this.#topics.availability, payload: () => payload }], ANNOUNCED, done);
	}

	private add(entity: Entity, entities: readonly Entity[]): void {
		const { id } = entity;
		checkId("entity id", id);
		if (RESERVED_IDS.includes(id)) throw new UsageError(`No entity can be called "${id}": a topic of the device is.`);
		if (this.#entities.has(id)) throw new UsageError(`There are two entities with the id "${id}".`);
		checkEntity(entity, entities);
		this.#entities.set(id, entity);
	}

	private subscribe(client: Client, filter: string, handler: (message: Message) => void): void {
		client.subscribe(filter, handler, { qos: 1 }, (error) => {
			if (error !== undefined) this.failed("commands-unheard", filter, error);
		});
	}

	private entity(entityId: string): Entity {
		const entity = this.#entities.get(entityId);
		if (entity === undefined) throw new UsageError(`There is no entity "${entityId}".`);
		return entity;
	}

	private stateTopics(): string[] {
		const topics = [...this.#entities.values()].map((entity) => stateTopic(entity, this.#topics));
		for (const id of this.#removed.keys()) topics.push(this.#topics.state(id));
		return [...new Set(topics)];
	}

	// First what the device is, then that it is there, then what it says: Home Assistant misses nothing in this order.
	private announce(): void {
		const queue: Announcement[] = [
			this.description(undefined),
			{ topic: this.#topics.availability, payload: () => ONLINE },
			{ topic: this.#topics.shared, payload: () => this.#readings },
		];
		for (const id of this.#entities.keys())
			queue.push({ topic: this.#topics.state(id), payload: () => this.#states.get(id) });
		for (const id of this.#removed.keys()) queue.push({ topic: this.#topics.state(id), payload: () => EMPTY });
		// Home Assistant wants to hear of a removal, and after that no more of what was removed.
		if (this.#removed.size > 0) queue.unshift(this.description(this.#removed));
		this.#announcer?.announce(queue);
	}

	private description(removed: ReadonlyMap<string, Entity["platform"]> | undefined): Announcement {
		const { device, origin } = this.#options;
		return {
			topic: this.#topics.discovery,
			payload: () => discoveryPayload(device, origin, this.#entities.values(), removed, this.#topics),
		};
	}

	private announceThen(queue: readonly Announcement[], options: PublishOptions, done: (() => void) | undefined): void {
		this.cancelAnnouncement();
		const { client } = this.attached();
		let left = queue.length;
		this.#announcer?.stop();
		for (const { topic, payload } of queue) {
			client.publish(topic, payload() ?? EMPTY, options, () => {
				left--;
				if (left === 0) done?.();
			});
		}
	}

	private attached(): HomeAssistantPorts {
		if (this.#ports === undefined) throw new UsageError("This device is not attached to a client.");
		return this.#ports;
	}

	private status(message: Message): void {
		// A retained status comes with every subscribe, when everything was just published anyway.
		if (message.retain || textOf(message.payload) !== ONLINE) return;
		this.announceIn(this.attached().random.next() * (this.#options.statusDelay ?? STATUS_DELAY));
	}

	private announceIn(delay: Millis): void {
		this.cancelAnnouncement();
		this.#announceTimer = this.#ports?.clock.setTimer(() => {
			this.#announceTimer = undefined;
			if (this.#isOnline) this.announce();
		}, delay);
	}

	private cancelAnnouncement(): void {
		if (this.#announceTimer !== undefined) this.#ports?.clock.clearTimer(this.#announceTimer);
		this.#announceTimer = undefined;
	}

	private command({ topic, payload, retain }: Message): void {
		const entity = this.#entities.get(this.#topics.entityOf(topic));
		const text = textOf(payload);
		if (entity === undefined) return this.refuse(topic, "there is no such command");
		if (text === undefined) return this.refuse(topic, "the payload is not UTF-8 text");
		const command = commandOf(entity, text, retain);
		if ("fault" in command) return this.refuse(topic, `the payload ${command.fault}`);
		try {
			command.run();
		} catch (error) {
			if (!(error instanceof CommandError)) throw error;
			this.refuse(topic, error.message);
		}
	}

	private refuse(topic: string, reason: string): void {
		this.report({ event: "command-refused", topic, reason });
	}

	private failed(event: HomeAssistantFault["event"], topic: string, error: ClientError): void {
		if (error.code !== "ended") this.report({ event, topic, reason: error.message });
	}

	private report(fault: HomeAssistantFault): void {
		const { onFault, log } = this.attached();
		if (onFault !== undefined) onFault(fault);
		else log?.write("warn", fault.event, { topic: fault.topic, reason: fault.reason });
	}
}

function textOf(payload: Uint8Array): string | undefined {
	try {
		return decodeUtf8(payload, 0, payload.length);
	} catch (error) {
		if (error instanceof ProtocolError) return undefined;
		throw error;
	}
}
