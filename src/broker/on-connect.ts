import { type ConnectPacket, ProtocolError, REASON } from "../codec/index.ts";
import { block } from "./backpressure.ts";
import type { Broker } from "./broker.ts";
import type { CloseReason } from "./close.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";
import { refuse } from "./refuse.ts";
import { countDepth, nameFault } from "./topic-fault.ts";

/** Checks a CONNECT and asks the host who it is. What follows it waits, in order, for the verdict (MQTT 5 section 3.1.4). */
export function onConnect(broker: Broker, connection: Connection, packet: ConnectPacket): void {
	if (connection.phase !== "awaitingConnect") {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, "A second CONNECT on one connection."); // [MQTT-3.1.0-2]
	}
	broker.stats.connectsReceived++;
	connection.connect = packet;
	connection.maximumPacketSize = packet.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
	connection.problemInformation = packet.properties?.requestProblemInformation ?? true;
	connection.authenticationMethod = packet.properties?.authenticationMethod;
	const fault = faultOf(broker, packet);
	if (fault !== undefined) {
		refuse(broker, connection, fault);
		return;
	}
	connection.phase = "authenticating";
	block(connection, BLOCKED_BY.AUTHENTICATION);
	askHost(broker, connection, packet);
}

function faultOf(broker: Broker, packet: ConnectPacket): CloseReason | undefined {
	if (packet.clientId === "" && !mayOmitClientId(packet)) {
		// [MQTT-3.1.3-8] of 3.1.1, and section 3.1 of 3.1, which knows no empty client id at all
		return { reasonCode: REASON.CLIENT_IDENTIFIER_NOT_VALID, message: "The client id is empty." };
	}
	if (packet.will !== undefined) {
		const fault = nameFault(packet.will.topic, broker.limits.topicLevels);
		if (fault !== undefined) {
			countDepth(broker, packet.will.topic, packet.clientId);
			return { reasonCode: REASON.TOPIC_NAME_INVALID, message: `The will's topic ${fault}.` };
		}
		if (packet.will.retain && broker.limits.retainedMessages === 0 && packet.protocolVersion === 5) {
			return { reasonCode: REASON.RETAIN_NOT_SUPPORTED, message: "The will has RETAIN set." }; // [MQTT-3.2.2-13]
		}
	}
	const method = packet.properties?.authenticationMethod;
	if (method !== undefined && !broker.authenticationMethods.includes(method)) {
		const known = broker.authenticationMethods.join(", ") || "none";
		return { reasonCode: REASON.BAD_AUTHENTICATION_METHOD, message: `Authentication methods: ${known}.` };
	}
	return undefined;
}

function mayOmitClientId({ protocolVersion, clean }: ConnectPacket): boolean {
	return protocolVersion === 5 || (protocolVersion === 4 && clean);
}

function askHost(broker: Broker, connection: Connection, packet: ConnectPacket): void {
	const { clientId, username, password, properties } = packet;
	broker.actions.push({
		kind: "authenticate",
		connection: connection.id,
		clientId,
		username,
		password,
		info: connection.info,
		method: properties?.authenticationMethod,
		data: properties?.authenticationData,
	});
}
