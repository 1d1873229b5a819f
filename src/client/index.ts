export * from "./device.ts";
export { type Relay, RelayClient, type RelayOptions } from "./relay.ts";
