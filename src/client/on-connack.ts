import { type ConnackPacket, REASON } from "../codec/index.ts";
import { clientIdInUse, fail, reasonOf, refuseVersion } from "./connection.ts";
import type { Context } from "./context.ts";
import { RETURN_CODE, reasonCodeScale, reasonCodeText, returnCodeScale, returnCodeText } from "./reasons.ts";
import { encodeMark, encodeProtocol, sessionKey, versionKey } from "./saved.ts";
import { DEFAULT_SERVER, serverLimits } from "./server-limits.ts";
import type { SessionFate } from "./session-fate.ts";

/** CONNACK (MQTT 5 section 3.2, 3.1.1 section 3.2). */
export function onConnack(context: Context, packet: ConnackPacket): void {
	if (context.phase !== "connecting") {
		fail(context, "The broker sent a second CONNACK.", { reasonCode: REASON.PROTOCOL_ERROR });
	} else if (packet.reasonCode !== 0) onRefusal(context, packet);
	else if (packet.sessionPresent && context.askedClean) {
		// [MQTT-3.2.2-4] we have no session state to go with it.
		fail(context, "The broker resumed a session although a new one was asked for.", {
			reasonCode: REASON.PROTOCOL_ERROR,
		});
	} else accept(context, packet);
}

// By the answer, not by what was asked: brokers that do not know MQTT 5 answer it with the return codes of 3.1.1.
function onRefusal(context: Context, packet: ConnackPacket): void {
	const { reasonCode: code, properties } = packet;
	const isReason = code >= 0x80;
	const text = isReason
		? reasonCodeText(code, properties?.reasonString, properties?.serverReference)
		: returnCodeText(code);
	const message = `The broker refused the connection: ${text}.`;
	if (code === RETURN_CODE.UNACCEPTABLE_PROTOCOL_VERSION || code === REASON.UNSUPPORTED_PROTOCOL_VERSION) {
		context.emit({ kind: "close" });
		refuseVersion(context, "answered", { ...reasonOf(context, "connect", message), code });
		return;
	}
	fail(context, message, { code, scale: isReason ? reasonCodeScale(code) : returnCodeScale(code) });
}

function accept(context: Context, packet: ConnackPacket): void {
	const { deadlines, settings, ladder, keepalive, now, wire } = context;
	const { properties, sessionPresent } = packet;
	const fate = fateOf(context, sessionPresent);
	const server = wire.version === 5 ? serverLimits(properties) : DEFAULT_SERVER;
	if (fate === "lost") context.clearReceived();
	if (properties?.assignedClientIdentifier !== undefined) context.clientId = properties.assignedClientIdentifier;
	if (ladder.accepted()) {
		const value = encodeProtocol(ladder.protocol);
		context.emit({ kind: "save", key: versionKey(context.endpoint), value });
	}
	rememberSession(context);
	context.subscriptions.isInherited = fate !== "lost" && !context.wasOnline;
	context.phase = "online";
	context.hasNew = true;
	context.wasOnline = true;
	deadlines.clear("connack");
	deadlines.set("stable", now + settings.reconnect.stableAfter);
	keepalive.start(properties?.serverKeepAlive ?? settings.keepAlive, now);
	if (keepalive.deadline !== undefined) deadlines.set("keepalive", keepalive.deadline);
	context.received.limit = wire.version === 5 ? settings.limits.maxInflight : UNANNOUNCED_RECEIVE_MAXIMUM;
	context.outgoing.online(fate !== "lost", wire.version, server);
	context.armExpiry();
	context.requests.online(fate, server);
	if (context.listen > 0) deadlines.set("listen", now + context.listen);
	const { protocol } = ladder;
	context.enter({ kind: "online", protocol, sessionPresent, clientId: clientIdInUse(context) });
}

// Where a connection can ask for a new session or the old one, it takes a record to know after a restart that there is one.
function rememberSession(context: Context): void {
	const { settings, wire, endpoint } = context;
	if (context.hasSession || !settings.persist || !settings.clean || settings.sessionExpiry === 0) return;
	if (wire.version !== 5) return;
	context.hasSession = true;
	context.emit({ kind: "save", key: sessionKey(endpoint), value: encodeMark() });
}

/** Before MQTT 5 nothing tells the broker how many QoS 2 messages may be unreleased; brokers keep to far fewer. */
const UNANNOUNCED_RECEIVE_MAXIMUM = 256;

function fateOf(context: Context, sessionPresent: boolean): SessionFate {
	if (context.ladder.protocol === "3.1" && !context.askedClean) return "unknown";
	return sessionPresent ? "kept" : "lost";
}
