import { type ConnackPacket, encodeUtf8, REASON } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import { clientIdInUse, drop, protocolError, refuseVersion } from "./connection.ts";
import type { Context } from "./context.ts";
import { reasonText, scaleOf } from "./reasons.ts";
import type { SessionFate } from "./requests.ts";
import { brokerKey } from "./saved.ts";
import { serverLimits } from "./server-limits.ts";

/** Before MQTT 5 nothing tells the broker how many QoS 2 messages may be unreleased; brokers keep to far fewer. */
const UNANNOUNCED_RECEIVE_MAXIMUM = 256;

/** What the CONNACK return codes 0 to 5 of 3.1 and 3.1.1 (3.1.1 section 3.2.2.3) are in MQTT 5. */
const RETURN_CODES = Uint8Array.of(
	REASON.SUCCESS,
	REASON.UNSUPPORTED_PROTOCOL_VERSION,
	REASON.CLIENT_IDENTIFIER_NOT_VALID,
	REASON.SERVER_UNAVAILABLE,
	REASON.BAD_USER_NAME_OR_PASSWORD,
	REASON.NOT_AUTHORIZED,
);

/** CONNACK (MQTT 5 section 3.2, 3.1.1 section 3.2), as the answer to CONNECT. */
export function onConnack(context: Context, packet: ConnackPacket): void {
	if (packet.reasonCode !== 0) return onRefusal(context, packet);
	// [MQTT-3.2.2-4] we have no session state to go with it.
	if (!packet.sessionPresent || !context.askedClean) return accept(context, packet);
	return protocolError(context, "The broker resumed a session although a new one was asked for.");
}

// By the answer, not by what was asked: brokers that do not know MQTT 5 answer it with the return codes of 3.1.1.
function onRefusal(context: Context, packet: ConnackPacket): void {
	const code = packet.reasonCode;
	const reason = RETURN_CODES[code] ?? code;
	const message = `The broker refused the connection: ${reasonText(reason, packet.properties)}.`;
	if (reason === REASON.UNSUPPORTED_PROTOCOL_VERSION) {
		context.emit({ kind: "close" });
		refuseVersion(context, "answered", message, code);
	} else drop(context, message, scaleOf(reason), code);
}

function accept(context: Context, packet: ConnackPacket): void {
	const properties = packet.properties;
	const sessionPresent = packet.sessionPresent;
	const fate = fateOf(context, sessionPresent);
	if (fate === "lost") context.clearReceived();
	context.clientId = properties?.assignedClientIdentifier ?? context.clientId;
	context.subscriptions.isInherited = fate !== "lost" && !context.wasOnline;
	context.phase = "online";
	context.hasNew = true;
	context.wasOnline = true;
	startTimers(context, properties?.serverKeepAlive);
	context.server = serverLimits(context.wire.version, properties);
	const limit = context.server.version === 5 ? context.settings.limits.maxInflight : UNANNOUNCED_RECEIVE_MAXIMUM;
	const received = context.received;
	// What an earlier connection left counts for nothing on this one (MQTT 5 section 4.9), and is bounded all the same.
	received.limit = limit + Math.min(received.size, UNANNOUNCED_RECEIVE_MAXIMUM);
	context.outgoing.online(fate !== "lost");
	context.requests.online(fate);
	context.armListen();
	const protocol = context.ladder.protocol;
	context.enter({ kind: "online", protocol, sessionPresent, clientId: clientIdInUse(context) });
	return remember(context);
}

// Where a connection can ask for a new session or the old one, it takes a record to know after a restart that there is one.
function remember(context: Context): void {
	const ladder = context.ladder;
	const settings = context.settings;
	if (ladder.accepted()) context.save(brokerKey("version", context.endpoint), encodeUtf8(ladder.protocol));
	if (ladder.protocol !== "5" || context.hasSession || !settings.persist) return;
	if (!settings.clean || settings.sessionExpiry === 0) return;
	context.hasSession = true;
	context.save(brokerKey("session", context.endpoint), encodeUtf8(""));
}

function startTimers(context: Context, serverKeepAlive: Seconds | undefined): void {
	const settings = context.settings;
	context.deadlines.clear("connect");
	context.arm("stable", settings.reconnect.stableAfter);
	context.keepalive.start(serverKeepAlive ?? settings.keepAlive, context.now);
	return context.armKeepalive();
}

function fateOf(context: Context, sessionPresent: boolean): SessionFate {
	if (context.ladder.protocol === "3.1" && !context.askedClean) return "unknown";
	return sessionPresent ? "kept" : "lost";
}
