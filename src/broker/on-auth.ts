import { type AuthPacket, ProtocolError, REASON } from "../codec/index.ts";
import { block } from "./backpressure.ts";
import type { Broker } from "./broker.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";

/** Enhanced authentication goes on, or a connected client starts it again (MQTT 5 section 4.12). */
export function onAuth(broker: Broker, connection: Connection, { reasonCode, properties }: AuthPacket): void {
	const { connect, session, authenticationMethod: method } = connection;
	if (method === undefined || properties?.authenticationMethod !== method) {
		// [MQTT-4.12.0-5], [MQTT-4.12.1-1]
		throw new ProtocolError(REASON.PROTOCOL_ERROR, "AUTH does not go with the authentication method of CONNECT.");
	}
	const isExpected = connection.phase === "authenticating" || connection.isReauthenticating;
	if (reasonCode !== (isExpected ? REASON.CONTINUE_AUTHENTICATION : REASON.RE_AUTHENTICATE)) {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, `AUTH has reason code ${reasonCode} out of turn.`);
	}
	connection.isReauthenticating = connection.phase === "online";
	block(connection, BLOCKED_BY.AUTHENTICATION);
	broker.actions.push({
		kind: "authenticate",
		connection: connection.id,
		clientId: session?.clientId ?? connect?.clientId ?? "",
		username: session === undefined ? connect?.username : session.username,
		password: undefined,
		info: connection.info,
		method,
		data: properties.authenticationData,
	});
}
