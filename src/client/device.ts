/** The client as devices have it: all but what bridges need. */
export type { ClientAction, LogFields } from "./actions.ts";
export type { BackoffOptions } from "./backoff.ts";
export { Client, type SubscriptionHandle } from "./client.ts";
export { ClientError, type ClientErrorCode } from "./errors.ts";
export type { Protocol } from "./ladder.ts";
export { type ClientLimits, DEVICE_LIMITS } from "./limits.ts";
export type {
	Message,
	MessageHandler,
	PublishDone,
	PublishOptions,
	StreamHandler,
	StreamStart,
	SubscribeDone,
	SubscribeOptions,
} from "./message.ts";
export type { ClientOptions, WillOptions } from "./options.ts";
export type { Payload, PayloadSource } from "./payload.ts";
export type { Ports } from "./pump.ts";
export type { ClientState, DisconnectReason, Phase } from "./state.ts";
