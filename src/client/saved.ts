import { decodeUtf8, encodeUtf8 } from "../codec/index.ts";
import type { Store } from "../ports/index.ts";
import { fnv1a, hex8 } from "./hash.ts";
import { decodeIds, decodeMessage, type SavedPacket, unseal } from "./journal.ts";
import type { Protocol } from "./ladder.ts";

/** Keys in the Store. One Store serves one client: hosts with several give each its own. */
export const CLIENT_ID_KEY = "motehub/id";
export const RECEIVED_KEY = "motehub/received";
const MESSAGE_PREFIX = "motehub/out/";

/** What is remembered of one broker. */
export function brokerKey(what: "version" | "session", endpoint: string): string {
	return `motehub/${what}/${hex8(fnv1a(encodeUtf8(endpoint)))}`;
}

/** Keys sort in the order of the messages. */
export function messageKey(sequence: number): string {
	return MESSAGE_PREFIX + hex8(sequence);
}

/** An outgoing message of QoS 1 or 2. */
export interface SavedMessage {
	readonly sequence: number;
	readonly packet: SavedPacket;
}

/** What a restart leaves of a client. */
export interface Saved {
	readonly clientId: string | undefined;
	/** The version that worked with this broker, as the release that wrote it called it. */
	readonly protocol: Protocol | undefined;
	/** Whether this broker has a session of ours that connections may resume (MQTT 5). */
	readonly hasSession: boolean;
	/** Outgoing messages in their order. */
	readonly messages: readonly SavedMessage[];
	/** Incoming QoS 2 packet ids that were not released. */
	readonly received: readonly number[];
	/** Keys of records that did not check. */
	readonly damaged: readonly string[];
}

/**
 * Reads what an earlier life saved; without a Store, that is nothing. Throws StoreError when the medium cannot be read at
 * all.
 */
export function load(store: Store | undefined, endpoint: string): Saved {
	const damaged: string[] = [];
	const read = <T>(key: string, decode: (body: Uint8Array) => T | undefined): T | undefined => {
		const record = store?.get(key);
		const body = unseal(record);
		const value = body === undefined ? undefined : decode(body);
		if (value === undefined && record !== undefined) damaged.push(key);
		return value;
	};
	const readText = (key: string) => read(key, (body) => decodeUtf8(body, 0, body.length));
	const messages: SavedMessage[] = [];
	store?.keys(MESSAGE_PREFIX).forEach((key) => {
		const sequence = Number.parseInt(key.slice(MESSAGE_PREFIX.length), 16);
		const packet = read(key, (body) => (messageKey(sequence) === key ? decodeMessage(body) : undefined));
		if (packet !== undefined) messages.push({ sequence, packet });
	});
	return {
		clientId: readText(CLIENT_ID_KEY),
		protocol: readText(brokerKey("version", endpoint)) as Protocol | undefined,
		hasSession: readText(brokerKey("session", endpoint)) !== undefined,
		messages,
		received: read(RECEIVED_KEY, decodeIds) ?? [],
		damaged,
	};
}
