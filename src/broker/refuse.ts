import { encode, REASON, type UnsupportedVersionError } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { type CloseReason, forget, hangUp } from "./close.ts";
import type { Connection } from "./connection.ts";

/**
 * Return codes of 3.x CONNACKs (3.1.1 section 3.2.2.3) by MQTT 5 reason code. What is missing has none: the connection
 * is closed without an answer, as for every CONNECT that breaks the protocol [3.1.1 MQTT-3.1.4-1].
 */
const RETURN_CODES: Readonly<Record<number, number>> = {
	[REASON.UNSUPPORTED_PROTOCOL_VERSION]: 1,
	[REASON.CLIENT_IDENTIFIER_NOT_VALID]: 2,
	[REASON.SERVER_UNAVAILABLE]: 3,
	[REASON.SERVER_BUSY]: 3,
	[REASON.SERVER_SHUTTING_DOWN]: 3,
	[REASON.QUOTA_EXCEEDED]: 3,
	[REASON.CONNECTION_RATE_EXCEEDED]: 3,
	[REASON.UNSPECIFIED_ERROR]: 3,
	[REASON.IMPLEMENTATION_SPECIFIC_ERROR]: 3,
	[REASON.BAD_USER_NAME_OR_PASSWORD]: 4,
	[REASON.NOT_AUTHORIZED]: 5,
	[REASON.BANNED]: 5,
	[REASON.BAD_AUTHENTICATION_METHOD]: 5,
};

/** Answers a CONNECT with a refusal in the client's version, and closes. */
export function refuse(broker: Broker, connection: Connection, reason: CloseReason): void {
	const { reasonCode, message } = reason;
	if (connection.version === 5) {
		const full = encode(
			{ cmd: "connack", sessionPresent: false, reasonCode, properties: { reasonString: message } },
			5,
		);
		const short = encode({ cmd: "connack", sessionPresent: false, reasonCode }, 5);
		const fitting = [full, short].find(({ length }) => length <= connection.maximumPacketSize); // [MQTT-3.2.2-19]
		if (fitting !== undefined) answer(broker, connection, fitting);
	} else {
		const returnCode = RETURN_CODES[reasonCode];
		// [3.1.1 MQTT-3.2.2-4] no session present with a refusal
		if (returnCode !== undefined) {
			answer(broker, connection, encode({ cmd: "connack", sessionPresent: false, reasonCode: returnCode }, 4));
		}
	}
	turnAway(broker, connection, reason);
}

/** Refuses a version that is not spoken here, in the form that its sender understands. */
export function refuseVersion(broker: Broker, connection: Connection, error: UnsupportedVersionError): void {
	const { reasonCode, message, protocolName, protocolLevel } = error;
	// Bridges of Mosquitto set the highest bit of the level, and connect again without it after return code 1.
	if (protocolName === "MQTT" && (protocolLevel & 0x7f) >= 5) {
		answer(broker, connection, encode({ cmd: "connack", sessionPresent: false, reasonCode }, 5));
	} else if (protocolName === "MQTT" || protocolName === "MQIsdp") {
		answer(broker, connection, encode({ cmd: "connack", sessionPresent: false, reasonCode: 1 }, 4)); // [MQTT-3.1.2-2]
	}
	turnAway(broker, connection, { reasonCode, message });
}

/** Closes a connection that is not online, without a further word. */
export function turnAway(broker: Broker, connection: Connection, { reasonCode, message }: CloseReason): void {
	const { id, info } = connection;
	broker.stats.connectionsRefused++;
	hangUp(broker, connection);
	forget(broker, connection);
	const clientId = connection.connect?.clientId;
	const version = connection.connect?.protocolVersion;
	broker.actions.event({ kind: "refused", connection: id, clientId, version, reasonCode, message, info });
}

function answer(broker: Broker, connection: Connection, bytes: Uint8Array): void {
	connection.output.push(bytes);
	broker.stats.packetsSent++;
}
