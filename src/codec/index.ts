// In the place of the role that devices have.
export { AUTHENTICATING_CLIENT as CLIENT } from "./authenticating-client-role.ts";
export * from "./client.ts";
export { encode } from "./encoder.ts";
export { setDup, setMessageId } from "./patch.ts";
export { encodePingresp } from "./ping-writer.ts";
export { ServerDecoder } from "./server-decoder.ts";
export { SERVER } from "./server-role.ts";
export { UnsupportedVersionError } from "./unsupported-version-error.ts";
