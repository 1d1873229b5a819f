import { decodeUtf8, encodeUtf8 } from "../codec/index.ts";
import type { Store } from "../ports/index.ts";
import { fnv1a, hex8 } from "./hash.ts";
import { decodeIds, decodeMessage, type SavedMessage, unseal } from "./journal.ts";
import { LADDER, LEVEL, type Protocol } from "./ladder.ts";

/** Keys in the Store. One Store serves one client: hosts with several give each its own. */
export const CLIENT_ID_KEY = "motehub/id";
export const RECEIVED_KEY = "motehub/received";
const MESSAGE_PREFIX = "motehub/out/";

export function versionKey(endpoint: string): string {
	return `motehub/version/${hex8(fnv1a(encodeUtf8(endpoint)))}`;
}

export function sessionKey(endpoint: string): string {
	return `motehub/session/${hex8(fnv1a(encodeUtf8(endpoint)))}`;
}

/** Keys sort in the order of the messages. */
export function messageKey(sequence: number): string {
	return MESSAGE_PREFIX + hex8(sequence);
}

/** What a restart leaves of a client. */
export interface Saved {
	readonly clientId: string | undefined;
	/** The version that worked with this broker. */
	readonly protocol: Protocol | undefined;
	/** Whether this broker has a session of ours that connections may resume (MQTT 5). */
	readonly hasSession: boolean;
	/** Outgoing messages in their order. */
	readonly messages: readonly (SavedMessage & { readonly sequence: number })[];
	/** Incoming QoS 2 packet ids that were not released. */
	readonly received: readonly number[];
	/** Keys of records that did not check. */
	readonly damaged: readonly string[];
}

export const NOTHING_SAVED: Saved = {
	clientId: undefined,
	protocol: undefined,
	hasSession: false,
	messages: [],
	received: [],
	damaged: [],
};

/** Reads what an earlier life saved. Throws StoreError when the medium cannot be read at all. */
export function load(store: Store, endpoint: string): Saved {
	const damaged: string[] = [];
	const read = <T>(key: string, decode: (body: Uint8Array) => T | undefined): T | undefined => {
		const record = store.get(key);
		const body = unseal(record);
		const value = body === undefined ? undefined : decode(body);
		if (value === undefined && record !== undefined) damaged.push(key);
		return value;
	};
	const messages: (SavedMessage & { readonly sequence: number })[] = [];
	store.keys(MESSAGE_PREFIX).forEach((key) => {
		const sequence = Number.parseInt(key.slice(MESSAGE_PREFIX.length), 16);
		const message = read(key, decodeMessage);
		if (message === undefined) return;
		if (messageKey(sequence) === key) messages.push({ ...message, sequence });
		else damaged.push(key);
	});
	return {
		clientId: read(CLIENT_ID_KEY, (body) => decodeUtf8(body, 0, body.length)),
		protocol: read(versionKey(endpoint), (body) => protocolOf(body[0])),
		hasSession: read(sessionKey(endpoint), (body) => (body.length === 0 ? true : undefined)) ?? false,
		messages,
		received: read(RECEIVED_KEY, decodeIds) ?? [],
		damaged,
	};
}

export function encodeProtocol(protocol: Protocol): Uint8Array {
	return new Uint8Array([LEVEL[protocol]]);
}

/** The body of a record that says all it has to say by being there. */
export const MARK = new Uint8Array(0);

function protocolOf(level: number | undefined): Protocol | undefined {
	return LADDER.find((protocol) => LEVEL[protocol] === level);
}
