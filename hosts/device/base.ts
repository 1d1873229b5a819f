/** What the parts of the device host share. Modules of one part import what another part has through its door. */
export { isIPv4Address } from "./address.ts";
export { BUILT } from "./built.ts";
export { DeviceClock } from "./clock.ts";
export { isHostName } from "./dns/message.ts";
export { Resolver } from "./dns/resolver.ts";
export { PreparedConnection } from "./prepared-connection.ts";
export { DeviceRandom } from "./random.ts";
export { TimeKeeper } from "./sntp/time-keeper.ts";
export { TimedTransport } from "./sntp/timed-transport.ts";
export { TcpTransport } from "./tcp-transport.ts";
export { TraceLog } from "./trace-log.ts";
