import { REASON } from "../codec/index.ts";
import type { BackoffScale } from "./backoff.ts";

/** CONNACK return codes of 3.1 and 3.1.1 (3.1.1 section 3.2.2.3). */
export const RETURN_CODE = {
	ACCEPTED: 0,
	UNACCEPTABLE_PROTOCOL_VERSION: 1,
	IDENTIFIER_REJECTED: 2,
	SERVER_UNAVAILABLE: 3,
	BAD_USER_NAME_OR_PASSWORD: 4,
	NOT_AUTHORIZED: 5,
} as const;

const RETURN_TEXTS: readonly string[] = [
	"accepted",
	"the broker does not know this protocol version",
	"the broker does not accept the client id",
	"the broker is unavailable",
	"bad user name or password",
	"not authorized",
];

const REASON_TEXTS: Readonly<Record<number, string>> = {
	[REASON.NORMAL_DISCONNECTION]: "normal disconnection",
	[REASON.UNSPECIFIED_ERROR]: "unspecified error",
	[REASON.MALFORMED_PACKET]: "malformed packet",
	[REASON.PROTOCOL_ERROR]: "protocol error",
	[REASON.IMPLEMENTATION_SPECIFIC_ERROR]: "implementation specific error",
	[REASON.UNSUPPORTED_PROTOCOL_VERSION]: "the broker does not know this protocol version",
	[REASON.CLIENT_IDENTIFIER_NOT_VALID]: "the broker does not accept the client id",
	[REASON.BAD_USER_NAME_OR_PASSWORD]: "bad user name or password",
	[REASON.NOT_AUTHORIZED]: "not authorized",
	[REASON.SERVER_UNAVAILABLE]: "the broker is unavailable",
	[REASON.SERVER_BUSY]: "the broker is busy",
	[REASON.BANNED]: "banned",
	[REASON.SERVER_SHUTTING_DOWN]: "the broker is shutting down",
	[REASON.BAD_AUTHENTICATION_METHOD]: "bad authentication method",
	[REASON.KEEP_ALIVE_TIMEOUT]: "keep alive timeout",
	[REASON.SESSION_TAKEN_OVER]: "another connection with the same client id took over",
	[REASON.TOPIC_FILTER_INVALID]: "topic filter invalid",
	[REASON.TOPIC_NAME_INVALID]: "topic name invalid",
	[REASON.PACKET_IDENTIFIER_IN_USE]: "packet identifier in use",
	[REASON.PACKET_IDENTIFIER_NOT_FOUND]: "packet identifier not found",
	[REASON.RECEIVE_MAXIMUM_EXCEEDED]: "receive maximum exceeded",
	[REASON.TOPIC_ALIAS_INVALID]: "topic alias invalid",
	[REASON.PACKET_TOO_LARGE]: "packet too large",
	[REASON.MESSAGE_RATE_TOO_HIGH]: "message rate too high",
	[REASON.QUOTA_EXCEEDED]: "quota exceeded",
	[REASON.ADMINISTRATIVE_ACTION]: "administrative action",
	[REASON.PAYLOAD_FORMAT_INVALID]: "payload format invalid",
	[REASON.RETAIN_NOT_SUPPORTED]: "retain not supported",
	[REASON.QOS_NOT_SUPPORTED]: "QoS not supported",
	[REASON.USE_ANOTHER_SERVER]: "use another server",
	[REASON.SERVER_MOVED]: "server moved",
	[REASON.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED]: "shared subscriptions not supported",
	[REASON.CONNECTION_RATE_EXCEEDED]: "connection rate exceeded",
	[REASON.MAXIMUM_CONNECT_TIME]: "maximum connect time",
	[REASON.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED]: "subscription identifiers not supported",
	[REASON.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED]: "wildcard subscriptions not supported",
};

/** Codes that go away by themselves; every other refusal takes a person, or another client, to change. */
const PASSING: readonly number[] = [
	REASON.NORMAL_DISCONNECTION,
	REASON.UNSPECIFIED_ERROR,
	REASON.MALFORMED_PACKET,
	REASON.PROTOCOL_ERROR,
	REASON.IMPLEMENTATION_SPECIFIC_ERROR,
	REASON.UNSUPPORTED_PROTOCOL_VERSION,
	REASON.SERVER_UNAVAILABLE,
	REASON.SERVER_BUSY,
	REASON.SERVER_SHUTTING_DOWN,
	REASON.KEEP_ALIVE_TIMEOUT,
	REASON.RECEIVE_MAXIMUM_EXCEEDED,
	REASON.CONNECTION_RATE_EXCEEDED,
	REASON.MAXIMUM_CONNECT_TIME,
];

/** A CONNACK return code of 3.x, for a person. */
export function returnCodeText(code: number): string {
	return RETURN_TEXTS[code] ?? `return code ${code}`;
}

/** A reason code of MQTT 5, for a person, with what the broker had to add. */
export function reasonCodeText(code: number, reasonString?: string, serverReference?: string): string {
	const text = REASON_TEXTS[code] ?? `reason code 0x${code.toString(16)}`;
	const said = reasonString === undefined ? text : `${text} (the broker says: ${reasonString})`;
	return serverReference === undefined ? said : `${said}; the broker refers to ${serverReference}`;
}

/** How soon to try again after a CONNACK of 3.x refused us. */
export function returnCodeScale(code: number): BackoffScale {
	const passing = code === RETURN_CODE.UNACCEPTABLE_PROTOCOL_VERSION || code === RETURN_CODE.SERVER_UNAVAILABLE;
	return passing ? "lost" : "refused";
}

/** How soon to try again after a CONNACK or DISCONNECT of MQTT 5. */
export function reasonCodeScale(code: number): BackoffScale {
	return PASSING.includes(code) ? "lost" : "refused";
}
