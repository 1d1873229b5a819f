/** The codec as devices have it: all that clients need, and nothing that only servers read or write. */
export { encodeAck, encodeDisconnect } from "./answer-writer.ts";
export { CLIENT } from "./client-role.ts";
export { encodeConnect } from "./connect-writer.ts";
export { Decoder, type DecoderOptions } from "./decoder.ts";
export { ProtocolError, UsageError } from "./errors.ts";
export type * from "./packets.ts";
export { encodePingreq } from "./ping-writer.ts";
export { checkQos, encodePublish, encodePublishHead } from "./publish-writer.ts";
export { REASON } from "./reason.ts";
export type { Role } from "./rules.ts";
export { encodeSubscription } from "./subscribe-writer.ts";
export { decodeUtf8, encodeUtf8, utf8Length } from "./utf8.ts";
