export { type WebSocketOptions, WebSocketTransport } from "./transport.ts";
export { checkUpgrade } from "./upgrade.ts";
