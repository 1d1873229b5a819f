import { type ConnackPacket, type ConnackProperties, type ConnectPacket, encode, REASON } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import type { Broker } from "./broker.ts";
import type { CloseReason } from "./close.ts";
import type { Connection } from "./connection.ts";
import { expiryIntervalOf } from "./sessions.ts";

/** Who the client is, as the host has found. */
export interface Identity {
	readonly username: string | undefined;
	/** Last data of an enhanced authentication. */
	readonly data: Uint8Array | undefined;
}

/** The CONNACK that accepts a client, whose session is yet to be found. */
export function acceptance(
	broker: Broker,
	connection: Connection,
	connect: ConnectPacket,
	clientId: string,
	identity: Identity,
): ConnackPacket {
	const properties = connect.protocolVersion < 5 ? {} : propertiesOf(broker, connection, connect, clientId, identity);
	return { cmd: "connack", sessionPresent: false, reasonCode: REASON.SUCCESS, properties };
}

/** Why the CONNACK must not be sent: the client takes no packet of its length [MQTT-3.1.2-24]. */
export function excessOf(connection: Connection, connack: ConnackPacket): CloseReason | undefined {
	const { maximumPacketSize, version } = connection;
	if (maximumPacketSize === Number.POSITIVE_INFINITY) return undefined;
	const { length } = encode(connack, version);
	if (length <= maximumPacketSize) return undefined;
	const message = `CONNACK has ${length} bytes; the client takes ${maximumPacketSize}.`;
	return { reasonCode: REASON.PACKET_TOO_LARGE, message };
}

/** The keep alive that counts: MQTT 5 lets the server set a shorter one [MQTT-3.1.2-21]. */
export function keepAliveOf(broker: Broker, { protocolVersion, keepalive }: ConnectPacket): Seconds {
	const longest = broker.serverKeepAlive;
	if (longest === undefined || protocolVersion < 5) return keepalive;
	return keepalive === 0 ? longest : Math.min(keepalive, longest);
}

/** What CONNACK says of the broker: whatever is not said is the default of the specification. */
function propertiesOf(
	broker: Broker,
	connection: Connection,
	connect: ConnectPacket,
	clientId: string,
	{ username, data }: Identity,
): ConnackProperties {
	const { limits } = connection;
	const keepAlive = keepAliveOf(broker, connect);
	const expiryInterval = expiryIntervalOf(broker, connect);
	const asked = connect.properties;
	const responseInformation =
		asked?.requestResponseInformation === true ? broker.responseInformation(clientId, username) : undefined; // [MQTT-3.1.2-28]
	return {
		...((asked?.sessionExpiryInterval ?? 0) !== expiryInterval && { sessionExpiryInterval: expiryInterval }),
		receiveMaximum: limits.receiveMaximum,
		...(broker.limits.retainedMessages === 0 && { retainAvailable: false }),
		maximumPacketSize: connection.maxPacket,
		...(connect.clientId === "" && { assignedClientIdentifier: clientId }), // [MQTT-3.2.2-16]
		topicAliasMaximum: limits.topicAliases,
		...(keepAlive !== connect.keepalive && { serverKeepAlive: keepAlive }),
		...(responseInformation !== undefined && { responseInformation }),
		...(asked?.authenticationMethod !== undefined && { authenticationMethod: asked.authenticationMethod }),
		...(data !== undefined && { authenticationData: data }),
	};
}
