import { randomUUID } from "node:crypto";
import type { Passage } from "../../../src/broker/index.ts";
import type { PublishProperties } from "../../../src/codec/index.ts";
import { keyOf } from "./message-key.ts";
import { withoutName, withoutUserProperty } from "./user-properties.ts";

/** The user property that a message carries from hub to hub: its number, and the hubs where it has been. */
export const PATH_PROPERTY = "motehub-path";
const PATH = /^[\w.-]{1,40}(?: [\w.-]{1,64})+$/;
/** Ends the path of a message that is at a hub: a mark of its topic and payload. */
const MARK = / \|[\w+/]{8}$/;
const MARK_LENGTH = 8;
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
		const given = properties?.userProperties?.[PATH_PROPERTY];
		if (given === undefined && !this.#startsPaths) return properties;
		const key = keyOf(topic, payload);
		const path = pathIn(given, key);
		if (path === undefined) return this.#enterAnew(properties, key);
		const [number = "", ...hubs] = path.split(" ");
		if (hubs.includes(this.#hubId) || hubs.length >= MOST_HUBS || this.#hasSeen(`${number} ${key}`)) return false;
		return withPath(properties, marked(`${path} ${this.#hubId}`, key));
	}

	/** The properties with which a message leaves: those that came in before there were bridges have no path yet. */
	leave(properties: Properties): Properties {
		const onward = unmarked(properties);
		return pathIn(onward?.userProperties?.[PATH_PROPERTY]) === undefined ? withPath(onward, this.#newPath()) : onward;
	}

	#enterAnew(properties: Properties, key: string): Properties {
		if (this.#startsPaths) return withPath(properties, marked(this.#newPath(), key));
		return properties && withoutUserProperty(properties, PATH_PROPERTY);
	}

	#newPath(): string {
		// Not to be guessed: who sends a number first has the message that comes with it taken for a repeat.
		return `${randomUUID()} ${this.#hubId}`;
	}

	// By the topic, too: rules may bring one message here under several. And by the payload: whoever sees the message elsewhere,
	// and may write its topic here, must not have it taken for a repeat of something else.
	#hasSeen(key: string): boolean {
		if (this.#seen.has(key) || this.#seenBefore.has(key)) return true;
		if (this.#seen.size >= REMEMBERED) {
			this.#seenBefore = this.#seen;
			this.#seen = new Set();
		}
		this.#seen.add(key);
		return false;
	}
}

/** The properties of a message that a hub handed out to a bridge, as the next hub is to get them. */
export function unmarked(properties: Properties): Properties {
	const given = properties?.userProperties?.[PATH_PROPERTY];
	if (typeof given !== "string" || !MARK.test(given)) return properties;
	return withPath(properties, given.replace(MARK, ""));
}

/**
 * The path that a user property tells. Undefined if it is none, or if its mark is another message's: clients such as
 * Node-RED give what they publish the properties of what they got, and that has not been anywhere. Another broker's bridge
 * hands it on with the message itself.
 */
function pathIn(given: unknown, key?: string): string | undefined {
	if (typeof given !== "string") return undefined;
	const path = key === undefined || !given.endsWith(markOf(key)) ? given : given.replace(MARK, "");
	return PATH.test(path) ? path : undefined;
}

function marked(path: string, key: string): string {
	return path + markOf(key);
}

function markOf(key: string): string {
	return ` |${key.slice(0, MARK_LENGTH)}`;
}

function withPath(properties: Properties, path: string): Properties {
	const { userProperties, userPropertyOrder: order, ...others } = properties ?? {};
	const changed = { ...others, userProperties: { ...userProperties, [PATH_PROPERTY]: path } };
	if (order === undefined) return changed;
	return { ...changed, userPropertyOrder: [...withoutName(order, PATH_PROPERTY), PATH_PROPERTY, path] };
}
