import type { Client, ClientError, ClientState, Message, WillOptions } from "../client/index.ts";
import { decodeUtf8, ProtocolError, UsageError } from "../codec/index.ts";
import type { Clock, Log, Millis, Random, TimerHandle } from "../ports/index.ts";
import { type Announcement, Announcer } from "./announcer.ts";
import { commandOf } from "./command.ts";
import { TRIGGERED } from "./component.ts";
import { checkId, type DeviceInfo, discoveryPayload, type Origin } from "./discovery.ts";
import type { Entity } from "./entity.ts";
import { type EntityState, statePayload } from "./state-payload.ts";
import { DeviceTopics, DISCOVERY_PREFIX } from "./topics.ts";

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
}

const ONLINE = "online";
const OFFLINE = "offline";
const STATUS_DELAY: Millis = 10_000;
const EMPTY = new Uint8Array(0);

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
	#ports: HomeAssistantPorts | undefined;
	#announcer: Announcer | undefined;
	#statusTimer: TimerHandle;
	#isOnline = false;

	/** Throws UsageError for ids that cannot be part of a topic, and for an id that is there twice. */
	constructor(options: HomeAssistantOptions) {
		const { device, entities, base = `motehub/${device.id}`, discoveryPrefix = DISCOVERY_PREFIX } = options;
		checkId("device id", device.id);
		for (const entity of entities) {
			checkId("entity id", entity.id);
			if (this.#entities.has(entity.id)) throw new UsageError(`There are two entities with the id "${entity.id}".`);
			this.#entities.set(entity.id, entity);
		}
		this.#options = options;
		this.#topics = new DeviceTopics(base, discoveryPrefix, device.id);
		this.will = { topic: this.#topics.availability, payload: OFFLINE, qos: 1, retain: true };
	}

	/** Subscribes to commands and to Home Assistant's status. Call it once. */
	attach(ports: HomeAssistantPorts): void {
		if (this.#ports !== undefined) throw new UsageError("This device is attached to a client already.");
		this.#ports = ports;
		this.#announcer = new Announcer(
			(topic, payload, done) => ports.client.publish(topic, payload, { qos: 1, retain: true }, done),
			(topic, error) => this.#warn("A message of the announcement was lost.", { topic, reason: error.message }),
		);
		const failed = (error: ClientError | undefined) => {
			if (error !== undefined) this.#warn("Home Assistant's messages cannot be received.", { reason: error.message });
		};
		ports.client.subscribe(this.#topics.commands, (message) => this.#command(message), { qos: 1 }, failed);
		ports.client.subscribe(this.#topics.status, (message) => this.#status(message), {}, failed);
	}

	/** For the client's `onState`: announces the device whenever it comes online. */
	connectionChanged(state: ClientState): void {
		this.#isOnline = state.kind === "online";
		this.#cancelStatusTimer();
		if (this.#isOnline) this.#announce();
		else this.#announcer?.stop();
	}

	/** Sets an entity's state. Throws UsageError for an unknown entity, or a state that it cannot have. */
	setState(entityId: string, state: EntityState): void {
		const payload = statePayload(this.#entity(entityId), state);
		this.#states.set(entityId, payload);
		// At QoS 0: should it be lost with the connection, the reconnect publishes the latest anyway.
		if (this.#isOnline) this.#ports?.client.publish(this.#topics.state(entityId), payload, { retain: true });
	}

	/** Fires a device trigger. While offline it is lost: what happened then is over. */
	trigger(entityId: string): void {
		const entity = this.#entity(entityId);
		if (entity.platform !== "device_automation")
			throw new UsageError(`"${entityId}" is a ${entity.platform}, no trigger.`);
		if (this.#isOnline) this.#ports?.client.publish(this.#topics.state(entityId), TRIGGERED, { qos: 1 });
	}

	/** Takes an entity out of Home Assistant, its state with it. */
	removeEntity(entityId: string): void {
		const { platform } = this.#entity(entityId);
		this.#entities.delete(entityId);
		this.#states.delete(entityId);
		this.#removed.set(entityId, platform);
		if (this.#isOnline) this.#announce();
	}

	/** Takes the device out of Home Assistant, with all that is retained of it. `done` when the broker has it all. */
	remove(done?: () => void): void {
		const { availability, discovery } = this.#topics;
		const topics = [discovery, ...this.#stateTopics(), availability];
		const queue: Announcement[] = topics.map((topic) => ({ topic, payload: () => EMPTY }));
		this.#announceThen(queue, done);
	}

	/** Says that the device goes offline on purpose: before `Client.end`, which keeps the will from being sent. */
	goodbye(done?: () => void): void {
		this.#announceThen([{ topic: this.#topics.availability, payload: () => OFFLINE }], done);
	}

	#entity(entityId: string): Entity {
		const entity = this.#entities.get(entityId);
		if (entity === undefined) throw new UsageError(`There is no entity "${entityId}".`);
		return entity;
	}

	#stateTopics(): string[] {
		return [...this.#entities.keys(), ...this.#removed.keys()].map((id) => this.#topics.state(id));
	}

	// First what the device is, then that it is there, then what it says: Home Assistant misses nothing in this order.
	#announce(): void {
		const { device, origin } = this.#options;
		const queue: Announcement[] = [
			{
				topic: this.#topics.discovery,
				payload: () => discoveryPayload(device, origin, this.#entities.values(), this.#removed, this.#topics),
			},
			{ topic: this.#topics.availability, payload: () => ONLINE },
		];
		for (const id of this.#entities.keys())
			queue.push({ topic: this.#topics.state(id), payload: () => this.#states.get(id) });
		for (const id of this.#removed.keys()) queue.push({ topic: this.#topics.state(id), payload: () => EMPTY });
		this.#announcer?.announce(queue);
	}

	#announceThen(queue: readonly Announcement[], done: (() => void) | undefined): void {
		this.#cancelStatusTimer();
		const { client } = this.#attached();
		let left = queue.length;
		this.#announcer?.stop();
		for (const { topic, payload } of queue) {
			client.publish(topic, payload() ?? EMPTY, { qos: 1, retain: true }, () => {
				left--;
				if (left === 0) done?.();
			});
		}
	}

	#attached(): HomeAssistantPorts {
		if (this.#ports === undefined) throw new UsageError("This device is not attached to a client.");
		return this.#ports;
	}

	#status(message: Message): void {
		// A retained status comes with every subscribe, when everything was just published anyway.
		if (message.retain || textOf(message.payload) !== ONLINE) return;
		const { clock, random } = this.#attached();
		this.#cancelStatusTimer();
		const delay = random.next() * (this.#options.statusDelay ?? STATUS_DELAY);
		this.#statusTimer = clock.setTimer(() => {
			this.#statusTimer = undefined;
			if (this.#isOnline) this.#announce();
		}, delay);
	}

	#cancelStatusTimer(): void {
		if (this.#statusTimer !== undefined) this.#ports?.clock.clearTimer(this.#statusTimer);
		this.#statusTimer = undefined;
	}

	#command({ topic, payload, retain }: Message): void {
		const entity = this.#entities.get(this.#topics.entityOf(topic));
		const text = textOf(payload);
		if (entity === undefined) return this.#warn("A command came for an entity that does not exist.", { topic });
		if (text === undefined) return this.#warn("A command was not obeyed: it is not UTF-8 text.", { topic });
		const command = commandOf(entity, text, retain);
		if ("fault" in command) return this.#warn(`A command was not obeyed: it ${command.fault}.`, { topic });
		command.run();
	}

	#warn(message: string, fields: Readonly<Record<string, string>>): void {
		this.#ports?.log?.write("warn", message, fields);
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
