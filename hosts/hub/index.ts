export type * from "../../src/broker/index.ts";
export {
	type Authenticate,
	type AuthRequest,
	PlainUsers,
	passwordAuthenticator,
	type Users,
} from "./authenticator.ts";
export { createHub, type Hub, type HubEvents, type HubOptions } from "./hub.ts";
export { ListenError, type ListenerAddress, type ListenerOptions } from "./listener.ts";
export { LOG_LEVELS, TextLog } from "./log.ts";
export {
	DurableStore,
	type DurableStoreOptions,
	type HubStore,
	MemoryStore,
	StoreError,
	type StoreTrouble,
} from "./store/index.ts";
