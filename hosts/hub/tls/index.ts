export { CredentialsError, checkClientFiles, readCredentials, type TlsOptions } from "./credentials.ts";
export { HandshakeDeadlines } from "./handshake-deadlines.ts";
export { type HandshakeError, handshakeFault } from "./handshake-fault.ts";
export { LiveCredentials } from "./live-credentials.ts";
export { peerCertificate, serverOptions } from "./server-options.ts";
