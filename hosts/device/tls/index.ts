export { type BundledIdentity, bundledIdentity, type ClientIdentity } from "./client-identity.ts";
export { ecdsaVerifier } from "./ecdsa-verifier.ts";
export type { ServerTrust } from "./server-authentication.ts";
export { TlsTransport, type TlsTransportOptions } from "./tls-transport.ts";
export { bundledTrust, type TrustOptions } from "./trust.ts";
export type { TlsVersion } from "./version.ts";
