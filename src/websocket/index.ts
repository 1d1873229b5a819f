export { type WebSocketOptions, WebSocketTransport } from "./transport.ts";
