export { Decoder, type DecoderOptions } from "./decoder.ts";
export {
	encode,
	encodeAck,
	encodePingreq,
	encodePingresp,
	encodePublish,
	setDup,
	setMessageId,
} from "./encoder.ts";
export { ProtocolError, UnsupportedVersionError, UsageError } from "./errors.ts";
export type * from "./packets.ts";
export { REASON } from "./reason.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
