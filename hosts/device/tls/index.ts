export type { ServerTrust } from "./server-authentication.ts";
export { TlsTransport, type TlsTransportOptions } from "./tls-transport.ts";
export { bundledTrust, type TrustOptions } from "./trust.ts";
