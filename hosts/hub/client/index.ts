export { connectClient } from "./connect-client.ts";
export { HUB_CLIENT_LIMITS, makeClient } from "./hub-client.ts";
export { LocalTransport } from "./local-transport.ts";
export { SocketTransport } from "./socket-transport.ts";
