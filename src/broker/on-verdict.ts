import { type ConnectPacket, encode, REASON } from "../codec/index.ts";
import type { AuthVerdict } from "./actions.ts";
import type { Broker } from "./broker.ts";
import { disconnect } from "./close.ts";
import type { Connection } from "./connection.ts";
import { establish } from "./establish.ts";
import { send } from "./gates.ts";
import { refuse, turnAway } from "./refuse.ts";

/** The host has answered `authenticate`. */
export function onVerdict(broker: Broker, connection: Connection, verdict: AuthVerdict): void {
	if ("challenge" in verdict) sendAuth(broker, connection, REASON.CONTINUE_AUTHENTICATION, verdict.challenge);
	else if (connection.phase === "online") onReauthentication(broker, connection, verdict);
	else onAuthentication(broker, connection, verdict);
}

function onAuthentication(
	broker: Broker,
	connection: Connection,
	verdict: Exclude<AuthVerdict, { challenge: Uint8Array }>,
): void {
	const { connect } = connection;
	if (connect === undefined) return;
	if (verdict.allow) {
		establish(broker, connection, connect, { username: verdict.username ?? connect.username, data: verdict.data });
	} else refuse(broker, connection, { reasonCode: verdict.reasonCode, message: refusalText(verdict, connect) });
}

/** For logs, and for clients of MQTT 5: a client without a user name is the usual case of "not authorized". */
function refusalText({ reasonCode }: { readonly reasonCode: number }, { username }: ConnectPacket): string {
	switch (reasonCode) {
		case REASON.BAD_USER_NAME_OR_PASSWORD:
			return "The user name or the password is wrong.";
		case REASON.NOT_AUTHORIZED:
			return username === undefined ? "A user name is needed." : "The client may not connect.";
		case REASON.CONNECTION_RATE_EXCEEDED:
			return "Too many attempts came from this address.";
		default:
			return "Authentication failed.";
	}
}

function onReauthentication(
	broker: Broker,
	connection: Connection,
	verdict: Exclude<AuthVerdict, { challenge: Uint8Array }>,
): void {
	connection.isReauthenticating = false;
	if (verdict.allow) sendAuth(broker, connection, REASON.SUCCESS, verdict.data);
	// [MQTT-4.12.1-2]
	else disconnect(broker, connection, { reasonCode: verdict.reasonCode, message: "Re-authentication failed." });
}

function sendAuth(broker: Broker, connection: Connection, reasonCode: number, data: Uint8Array | undefined): void {
	const { authenticationMethod } = connection;
	const properties = {
		...(authenticationMethod !== undefined && { authenticationMethod }),
		...(data !== undefined && { authenticationData: data }),
	};
	const bytes = encode({ cmd: "auth", reasonCode, properties }, 5);
	if (bytes.length <= connection.maximumPacketSize) {
		send(broker, connection, bytes);
		return;
	}
	// [MQTT-3.1.2-24]
	const message = `AUTH has ${bytes.length} bytes; the client takes ${connection.maximumPacketSize}.`;
	const reason = { reasonCode: REASON.PACKET_TOO_LARGE, message };
	if (connection.phase === "online") disconnect(broker, connection, reason);
	else turnAway(broker, connection, reason);
}
