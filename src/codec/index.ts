export { encodeAck } from "./answer-writer.ts";
export { Decoder, type DecoderOptions } from "./decoder.ts";
export { encode, encodePingreq, encodePingresp } from "./encoder.ts";
export { ProtocolError, UnsupportedVersionError, UsageError } from "./errors.ts";
export type * from "./packets.ts";
export { setDup, setMessageId } from "./patch.ts";
export { encodePublish } from "./publish-writer.ts";
export { REASON } from "./reason.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
