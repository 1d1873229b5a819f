export { isIPv4Address } from "./address.ts";
export { DeviceClock } from "./clock.ts";
export { Resolver } from "./dns/resolver.ts";
export { KeyValueStore } from "./key-value-store.ts";
export { DeviceRandom } from "./random.ts";
export { TcpTransport } from "./tcp-transport.ts";
export { TraceLog } from "./trace-log.ts";
