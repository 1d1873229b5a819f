export { LinkedTransport } from "./linked-transport.ts";
export { type NetworkLink, WiFiLink } from "./wifi-link.ts";
