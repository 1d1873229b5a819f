export { type AccessControl, ALLOW_ALL, type ClientIdentity } from "./access.ts";
export type {
	AuthVerdict,
	BrokerAction,
	BrokerEvent,
	ConnectionId,
	ConnectionInfo,
	LimitName,
	LocalPublish,
	PublishedMessage,
	SessionInfo,
} from "./actions.ts";
export { BrokerCore } from "./core.ts";
export { type BrokerLimits, HUB_LIMITS, LIVE_LIMITS, type LiveLimits } from "./limits.ts";
export type { BrokerOptions } from "./options.ts";
export type { Passage } from "./passage.ts";
export { RecordError } from "./record-reader.ts";
export { BrokerStats } from "./stats.ts";
export { STORE_TABLES, type StoreKey, type StoreRecord, type StoreTable, type StoreWrite } from "./store-write.ts";
