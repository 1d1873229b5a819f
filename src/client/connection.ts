import { encodeConnect, UsageError } from "../codec/index.ts";
import type { TransportFailure } from "../ports/index.ts";
import type { BackoffScale } from "./backoff.ts";
import type { Context } from "./context.ts";
import { finish } from "./ending.ts";
import { clientIdFor, connectPacket, generateClientId } from "./handshake.ts";
import { LEVEL, type VersionRefusal } from "./ladder.ts";
import { leaveConnection } from "./leave.ts";
import type { DisconnectReason, Phase } from "./state.ts";

/** Starts a round of the fallback ladder. */
export function beginRound(context: Context): void {
	context.ladder.begin(context.now);
	openTransport(context);
}

function openTransport(context: Context): void {
	const { deadlines, settings, ladder, backoff, now } = context;
	context.phase = "opening";
	deadlines.set("open", now + settings.connectTimeout);
	context.enter({ kind: "connecting", attempt: backoff.attempts + 1, protocol: ladder.protocol });
	context.emit({ kind: "open" });
}

/** The byte stream is ready: sends CONNECT. */
export function onOpened(context: Context): void {
	const { deadlines, settings, now, ladder, wire } = context;
	if (context.phase !== "opening") return;
	deadlines.clear("open");
	context.phase = "connecting";
	wire.open(LEVEL[ladder.protocol]);
	context.incoming.reset();
	context.askedClean = asksClean(context);
	try {
		const packet = connectPacket(settings, ladder.protocol, clientIdInUse(context), context.askedClean);
		wire.owe(encodeConnect(packet, LEVEL[ladder.protocol]));
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		fail(context, `The options cannot be sent as MQTT ${ladder.protocol}: ${error.message}`, { scale: "refused" });
		return;
	}
	deadlines.set("connack", now + settings.connectTimeout);
}

// MQTT 5 tells "begin anew" from "keep": a session that began anew is resumed by later connections while it lasts.
function asksClean({ settings, ladder, wasOnline, hasSession }: Context): boolean {
	if (!settings.clean) return false;
	return !(ladder.protocol === "5" && settings.sessionExpiry > 0 && (wasOnline || hasSession));
}

/** The client id for the rung; a change is reported, since the broker's rules may go by the id. */
export function clientIdInUse(context: Context): string {
	const { protocol } = context.ladder;
	if (protocol === "3.1" && context.clientId === "") context.clientId = generateClientId(context.random);
	const clientId = clientIdFor(protocol, context.clientId);
	if (clientId !== context.clientId) {
		const message = "MQTT 3.1 allows client ids of 23 characters: it was shortened.";
		context.log("warn", message, { clientId: context.clientId, shortened: clientId });
	}
	return clientId;
}

/** The transport ended on its own. */
export function onClosed(context: Context, failure: TransportFailure | undefined): void {
	const { phase } = context;
	if (phase === "idle" || phase === "waiting") return;
	if (phase === "opening") {
		const message = failure?.message ?? "The connection was closed before it was ready.";
		goOffline(context, reasonOf(context, failure?.phase ?? "tcp", message), "lost");
	} else if (phase === "online") {
		const message = failure === undefined ? "The broker closed the connection." : failure.message;
		goOffline(context, reasonOf(context, "online", message), "lost");
	} else if (failure?.phase === "tls") goOffline(context, reasonOf(context, "tls", failure.message), "lost");
	else closedUnanswered(context, failure);
}

function closedUnanswered(context: Context, failure: TransportFailure | undefined): void {
	const { protocol } = context.ladder;
	const how = failure === undefined ? "closed the connection" : `ended the connection (${failure.message})`;
	if (context.wire.hasReceived) {
		goOffline(context, reasonOf(context, "connect", `The broker ${how} within its answer to CONNECT.`), "lost");
		return;
	}
	const message =
		`The broker ${how} without an answer to CONNECT: it may not know MQTT ${protocol}, ` +
		"or refuse the user name, password or client id without saying so.";
	refuseVersion(context, "closed", reasonOf(context, "connect", message));
}

/** The broker refused the version of the rung: goes down a rung, or, from the last one, back to the top later. */
export function refuseVersion(context: Context, how: VersionRefusal, reason: DisconnectReason): void {
	if (context.ladder.refused(how)) {
		goOffline(context, reason, undefined);
		return;
	}
	const message =
		`${reason.message} No version was accepted, so the version may not be the cause: ` +
		"check user name, password and client id, and whether this is an MQTT broker.";
	goOffline(context, { ...reason, message }, "lost");
}

export interface FailOptions {
	/** Of the DISCONNECT that an MQTT 5 broker is sent. */
	readonly reasonCode?: number;
	/** Of the answer that made us fail. */
	readonly code?: number;
	readonly scale?: BackoffScale;
}

/** Ends the connection from our side and tries again later. */
export function fail(context: Context, message: string, options: FailOptions = {}): void {
	const { reasonCode, code, scale = "lost" } = options;
	if (reasonCode !== undefined) context.disconnect(reasonCode);
	context.emit({ kind: "close" });
	const reason = reasonOf(context, phaseOf(context), message);
	goOffline(context, code === undefined ? reason : { ...reason, code }, scale);
}

export function phaseOf({ phase }: Context): Phase {
	if (phase === "online") return "online";
	return phase === "connecting" ? "connect" : "tcp";
}

export function reasonOf(context: Context, phase: Phase, message: string): DisconnectReason {
	return { phase, protocol: context.ladder.protocol, message };
}

/** The connection is gone. `scale` undefined: the next rung is tried at once. */
export function goOffline(context: Context, reason: DisconnectReason, scale: BackoffScale | undefined): void {
	const { deadlines, now } = context;
	leaveConnection(context);
	if (context.ending === "flush") {
		finish(context, reason);
		return;
	}
	const retryIn = scale === undefined ? 0 : context.backoff.next(scale);
	context.enter({ kind: "offline", reason, retryIn });
	if (scale === undefined) {
		openTransport(context);
		return;
	}
	context.phase = "waiting";
	deadlines.set("reconnect", now + retryIn);
}
