import { randomUUID } from "node:crypto";
import type { Passage } from "../../../src/broker/index.ts";
import type { PublishProperties } from "../../../src/codec/index.ts";
import { keyOf } from "./message-key.ts";
import { withoutName } from "./user-properties.ts";

/** The user property that a message carries from hub to hub: its number, and the hubs where it has been. */
export const PATH_PROPERTY = "motehub-path";
const PATH = /^[\w.-]{1,40}(?: [\w.-]{1,64})+$/;
/** A message that has been at so many hubs goes in circles, whatever it says. */
const MOST_HUBS = 32;
/** Messages that are remembered, at least; at most twice as many. */
const REMEMBERED = 10_000;

type Properties = PublishProperties | undefined;

/**
 * Keeps messages from going round in circles between hubs: each hub writes itself into the user property `motehub-path`
 * of a message of MQTT 5, and takes none that has been there, or that came another way before.
 */
export class BridgePath implements Passage {
	#hubId: string;
	#startsPaths: boolean;
	#seen = new Set<string>();
	#seenBefore = new Set<string>();

	/** `startsPaths`: whether messages that have no path get one. It takes a hub of several ways out to go in circles. */
	constructor(hubId: string, startsPaths: boolean) {
		this.#hubId = hubId;
		this.#startsPaths = startsPaths;
	}

	/** From now on the hub has bridges under this name; undefined: it has none any more. */
	change(hubId: string | undefined): void {
		this.#hubId = hubId ?? this.#hubId;
		this.#startsPaths = hubId !== undefined;
	}

	enter(topic: string, properties: Properties, payload: Uint8Array): Properties | false {
		const path = pathOf(properties);
		if (path === undefined) return this.#startsPaths ? this.#started(properties) : properties;
		const [number = "", ...hubs] = path.split(" ");
		if (hubs.includes(this.#hubId) || hubs.length >= MOST_HUBS || this.#hasSeen(number, topic, payload)) return false;
		return withPath(properties, `${path} ${this.#hubId}`);
	}

	/** The properties with which a message leaves: those that came in before there were bridges have no path yet. */
	leave(properties: Properties): Properties {
		return pathOf(properties) === undefined ? this.#started(properties) : properties;
	}

	#started(properties: Properties): Properties {
		// Not to be guessed: who sends a number first has the message that comes with it taken for a repeat.
		return withPath(properties, `${randomUUID()} ${this.#hubId}`);
	}

	// By the topic, too: rules may bring one message here under several. And by the payload: whoever sees the message elsewhere,
	// and may write its topic here, must not have it taken for a repeat of something else.
	#hasSeen(number: string, topic: string, payload: Uint8Array): boolean {
		const key = `${number} ${keyOf(topic, payload)}`;
		if (this.#seen.has(key) || this.#seenBefore.has(key)) return true;
		if (this.#seen.size >= REMEMBERED) {
			this.#seenBefore = this.#seen;
			this.#seen = new Set();
		}
		this.#seen.add(key);
		return false;
	}
}

/** Undefined also if it is none of ours. */
function pathOf(properties: Properties): string | undefined {
	const value = properties?.userProperties?.[PATH_PROPERTY];
	return typeof value === "string" && PATH.test(value) ? value : undefined;
}

function withPath(properties: Properties, path: string): Properties {
	const { userProperties, userPropertyOrder: order, ...others } = properties ?? {};
	const changed = { ...others, userProperties: { ...userProperties, [PATH_PROPERTY]: path } };
	if (order === undefined) return changed;
	return { ...changed, userPropertyOrder: [...withoutName(order, PATH_PROPERTY), PATH_PROPERTY, path] };
}
