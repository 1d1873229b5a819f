export type { Log, LogLevel } from "./log.ts";
export type { Random } from "./random.ts";
export { type Store, StoreError } from "./store.ts";
export type { Clock, Millis, Seconds, TimerHandle } from "./time.ts";
export type { Connection, Transport, TransportEvents, TransportFailure } from "./transport.ts";
