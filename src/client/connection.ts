import { type ConnectPacket, encodeConnect, REASON, UsageError } from "../codec/index.ts";
import type { Millis, TransportFailure } from "../ports/index.ts";
import type { BackoffScale } from "./backoff.ts";
import type { ConnectionPhase, Context } from "./context.ts";
import { finish, leaveConnection } from "./ending.ts";
import { clientIdFor, connectPacket, generateClientId } from "./handshake.ts";
import { Incoming } from "./incoming.ts";
import { LEVEL, type VersionRefusal } from "./ladder.ts";
import type { DisconnectReason, Phase } from "./state.ts";

/** ContentType of TLS (RFC 5246 section 6.2.1). No MQTT packet to a client begins so. */
const TLS_ALERT = 0x15;

/** How far a connection came once its byte stream was ready. */
const REACHED: Partial<Record<ConnectionPhase, Phase>> = { connecting: "connect", online: "online" };

/** Connects, and from now on reconnects. Without effect while started. */
export function start(context: Context): void {
	if (context.phase === "idle") beginRound(context);
}

/** Connects now where the next attempt is waited for: the cause of the last failure is known to be gone. */
export function retry(context: Context): void {
	if (context.phase === "waiting") beginRound(context);
}

/** The time for all of a visit, and of it for what the broker has for us, after which the visit goes on until all is done. */
export interface VisitOptions {
	readonly within: Millis;
	readonly listen?: Millis;
}

/** Begins a visit: connects if need be, at once, and ends when there is nothing more to do, or after `within` ms. */
export function visit(context: Context, options: VisitOptions): void {
	context.ending = "visit";
	context.listen = options.listen ?? 0;
	context.arm("end", options.within);
	if (!context.hasTransport) beginRound(context);
	else if (context.phase === "online") context.armListen();
}

/** Bytes arrived. The core keeps the view until it is decoded. */
export function onReceived(context: Context, bytes: Uint8Array): void {
	const wire = context.wire;
	if (context.phase !== "online" && context.phase !== "connecting") return;
	context.keepalive.received(context.now);
	if (bytes[0] === TLS_ALERT && !wire.hasReceived) {
		return fail(context, "The broker speaks TLS on this port: connect with TLS.");
	}
	// A transport that could be held has been; what more comes has no place to go.
	if (wire.writable || !wire.isChoked || !wire.isFlooded) return wire.received(bytes);
	return fail(context, "The broker sends faster than it takes our answers.");
}

/** The transport takes bytes again. */
export function onWritable(context: Context): void {
	const wire = context.wire;
	if (!wire.writable) context.keepalive.progressed(context.now);
	wire.writable = true;
}

/** Something unforeseen went wrong in the pump: ends the connection, and tries again. */
export function abort(context: Context, message: string): void {
	if (context.hasTransport) fail(context, message);
}

/** Starts a round of the fallback ladder. */
export function beginRound(context: Context): void {
	context.deadlines.clear("reconnect");
	context.ladder.begin(context.now);
	openTransport(context);
}

function openTransport(context: Context): void {
	context.phase = "opening";
	context.arm("connect", context.settings.connectTimeout);
	context.enter({ kind: "connecting", attempt: context.backoff.attempts + 1, protocol: context.ladder.protocol });
	context.emit({ kind: "open" });
}

/** The byte stream is ready: sends CONNECT. */
export function onOpened(context: Context): void {
	if (context.phase !== "opening") return;
	const settings = context.settings;
	const protocol = context.ladder.protocol;
	context.phase = "connecting";
	context.wire.open(LEVEL[protocol]);
	context.incoming = new Incoming();
	context.askedClean = asksClean(context);
	context.arm("connect", settings.connectTimeout);
	return sendConnect(context, connectPacket(settings, protocol, clientIdInUse(context), context.askedClean));
}

function sendConnect(context: Context, packet: ConnectPacket): void {
	let bytes: Uint8Array;
	try {
		bytes = encodeConnect(packet, packet.protocolVersion);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		const message = `The options cannot be sent as MQTT ${context.ladder.protocol}: ${error.message}`;
		return drop(context, message, "refused");
	}
	return context.wire.owe(bytes);
}

// MQTT 5 tells "begin anew" from "keep": a session that began anew is resumed by later connections while it lasts.
function asksClean(context: Context): boolean {
	const settings = context.settings;
	if (!settings.clean) return false;
	const hasSession = context.wasOnline || context.hasSession;
	return !(hasSession && context.ladder.protocol === "5" && settings.sessionExpiry > 0);
}

/** The client id for the rung; a change is reported, since the broker's rules may go by the id. */
export function clientIdInUse(context: Context): string {
	const protocol = context.ladder.protocol;
	if (protocol === "3.1" && context.clientId === "") context.clientId = generateClientId(context.random);
	const clientId = clientIdFor(protocol, context.clientId);
	if (clientId !== context.clientId) {
		const message = "MQTT 3.1 allows client ids of 23 characters: it was shortened.";
		context.warn(message, { clientId: context.clientId, shortened: clientId });
	}
	return clientId;
}

/** The transport ended on its own. */
export function onClosed(context: Context, failure: TransportFailure | undefined): void {
	const phase = context.phase;
	if (!context.hasTransport) return;
	if (phase === "connecting" && failure?.phase !== "tls") return closedUnanswered(context, failure);
	const isOnline = phase === "online";
	const orderly = isOnline ? "The broker closed the connection." : "The connection was closed before it was ready.";
	const at = isOnline ? phase : failure?.phase;
	return goOffline(context, reasonOf(context, failure?.message ?? orderly, undefined, at), "lost");
}

function closedUnanswered(context: Context, failure: TransportFailure | undefined): void {
	const why = failure === undefined ? "" : ` (${failure.message})`;
	const how = `The broker closed the connection${why}`;
	if (context.wire.hasReceived) {
		return goOffline(context, reasonOf(context, `${how} within its answer to CONNECT.`), "lost");
	}
	const message =
		`${how} without an answer to CONNECT: it may not know MQTT ${context.ladder.protocol}, ` +
		"not want the user name, password or client id, or speak TLS on this port.";
	return refuseVersion(context, "closed", message);
}

/**
 * The broker refused the version of the rung: goes down a rung, or, from the last one, back to the top later. `code`: of
 * the CONNACK, if there was one.
 */
export function refuseVersion(context: Context, how: VersionRefusal, message: string, code?: number): void {
	const isLast = context.ladder.isLast;
	const advice = isLast ? " No version was accepted: check the credentials, and whether this is an MQTT broker." : "";
	const reason = reasonOf(context, message + advice, code);
	context.ladder.refused(how);
	goOffline(context, reason, isLast ? "lost" : undefined);
}

/** Ends the connection from our side and tries again later. `reasonCode`: for the DISCONNECT of an MQTT 5 connection. */
export function fail(context: Context, message: string, reasonCode?: number): void {
	if (reasonCode !== undefined) context.disconnect(reasonCode);
	drop(context, message, "lost");
}

/** Ends the connection because of what the broker sent. */
export function protocolError(context: Context, message: string): void {
	fail(context, message, REASON.PROTOCOL_ERROR);
}

/** Ends the connection without a word. `code`: of the broker's packet that made us. */
export function drop(context: Context, message: string, scale: BackoffScale, code?: number): void {
	context.emit({ kind: "close" });
	goOffline(context, reasonOf(context, message, code), scale);
}

/** Why there is no connection, at the phase that it is in unless another is given. */
export function reasonOf(context: Context, message: string, code?: number, phase?: Phase): DisconnectReason {
	const reached = phase ?? REACHED[context.phase] ?? "tcp";
	return { phase: reached, protocol: context.ladder.protocol, message, code };
}

/** The connection is gone. `scale` undefined: the next rung is tried at once. */
function goOffline(context: Context, reason: DisconnectReason, scale: BackoffScale | undefined): void {
	leaveConnection(context);
	if (context.ending === "flush") return finish(context, reason);
	const retryIn = scale === undefined ? 0 : context.backoff.next(scale);
	context.enter({ kind: "offline", reason, retryIn });
	if (scale === undefined) return openTransport(context);
	context.phase = "waiting";
	context.arm("reconnect", retryIn);
}
