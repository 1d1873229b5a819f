export type * from "../../src/broker/index.ts";
export { UsageError } from "../../src/codec/index.ts";
export { type PasswordAuthenticatorOptions, PlainUsers, passwordAuthenticator } from "./auth/index.ts";
export type { Authenticate, AuthRequest, Users } from "./authenticator.ts";
export { ConfigError, type HubSettings, type LoadedSettings, loadSettings, readSettings } from "./config/index.ts";
export { type ConfiguredHub, startConfiguredHub } from "./configured-hub.ts";
export { DataFolderError } from "./data-folder.ts";
export { createHub, type Hub, type HubLimits } from "./hub.ts";
export type { HubAdditions } from "./hub-additions.ts";
export type { HubEvents } from "./hub-events.ts";
export type { HubOptions } from "./hub-options.ts";
export { JsonLog } from "./json-log.ts";
export { ListenError, type ListenerAddress } from "./listener.ts";
export type * from "./listener-options.ts";
export { LOG_LEVELS, TextLog } from "./log.ts";
export type { HttpOptions } from "./operation/index.ts";
export {
	DurableStore,
	type DurableStoreOptions,
	type HubStore,
	MemoryStore,
	StoreError,
	type StoreTrouble,
} from "./store/index.ts";
export type { TlsOptions } from "./tls/index.ts";
