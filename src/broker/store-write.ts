/**
 * The tables of the durable state, in the order in which a store must hand them back to `BrokerOptions.state`.
 * Keys are one or two whole numbers; what they number is never reused. A value's layout is that of `records/`.
 *
 * | table | key | value |
 * |---|---|---|
 * | message | message | topic, payload, properties, expiry: once, however many refer to it |
 * | retained | message | empty: this message is its topic's retained one |
 * | session | session | client id, version, expiry, user name |
 * | will | session | the will of a session that is connected or waits for its will delay |
 * | subscription | session, subscription | filter and options |
 * | queue | session, sequence | which message, and how far its delivery has come |
 * | received | session, packet id | empty: a QoS 2 message that was received and not released |
 */
export const STORE_TABLES = ["message", "retained", "session", "will", "subscription", "queue", "received"] as const;

export type StoreTable = (typeof STORE_TABLES)[number];

/** One or two whole numbers; ascending order is that of the first, then of the second. */
export type StoreKey = readonly [number] | readonly [number, number];

/** One row of the durable state. */
export interface StoreRecord {
	readonly table: StoreTable;
	readonly key: StoreKey;
	readonly value: Uint8Array;
}

/** One change of the durable state. `put` replaces; `delete` of a missing row is no error. */
export type StoreWrite =
	| ({ readonly kind: "put" } & StoreRecord)
	| { readonly kind: "delete"; readonly table: StoreTable; readonly key: StoreKey };
