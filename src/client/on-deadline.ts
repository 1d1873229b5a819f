import { encodePingreq, REASON } from "../codec/index.ts";
import type { Connection } from "../ports/index.ts";
import { beginRound, fail, onClosed, reasonOf } from "./connection.ts";
import type { Context } from "./context.ts";
import type { Deadline } from "./deadlines.ts";
import { finish } from "./ending.ts";
import { saveAll } from "./saved-messages.ts";

/** The attempt in progress, which knows at which step it is. */
type Attempt = Pick<Connection, "overdue"> | undefined;

/** What happens when a deadline comes. */
const ON_DEADLINE: Readonly<Record<Deadline, (context: Context, attempt: Attempt) => void>> = {
	connect: onConnectTimeout,
	keepalive: onKeepalive,
	stable: (context) => context.backoff.reset(),
	reconnect: beginRound,
	expiry: (context) => context.outgoing.expire(),
	end: onEnd,
	save: saveAll,
	listen: (context) => {
		context.listen = 0;
	},
	turn: () => undefined, // that time passes is all
};

/** Time has passed: handles every deadline that has come. */
export function onTime(context: Context, attempt?: Attempt): void {
	const deadlines = context.deadlines;
	const now = context.now;
	for (let due = deadlines.due(now); due !== undefined; due = deadlines.due(now)) {
		ON_DEADLINE[due](context, attempt);
	}
}

// Only a visit promises something that it may have to take back.
function onEnd(context: Context): void {
	const message = "The time of the visit was over before everything was done.";
	finish(context, context.ending === "visit" ? reasonOf(context, message) : undefined);
}

// Silence is no refusal of the version: a slow network looks the same.
function onConnectTimeout(context: Context, attempt: Attempt): void {
	const waited = `${context.settings.connectTimeout} ms`;
	if (context.phase === "opening") {
		const step = attempt?.overdue?.();
		const message = `${step?.message ?? "The connection was not ready"} (waited ${waited}).`;
		context.emit({ kind: "close" });
		return onClosed(context, { phase: step?.phase ?? "tcp", message });
	}
	const ladder = context.ladder;
	const advice = ladder.isLast
		? "be no MQTT broker."
		: `not know MQTT ${ladder.protocol}: then set an older "protocol".`;
	return fail(context, `The broker did not answer CONNECT within ${waited}: it may be overloaded, or ${advice}`);
}

function onKeepalive(context: Context): void {
	const verdict = context.keepalive.check(context.now);
	if (verdict === "dead") {
		const message = "The connection is dead: nothing arrived for the keep alive interval.";
		return fail(context, message, REASON.KEEP_ALIVE_TIMEOUT);
	}
	if (verdict === "ping") context.wire.owe(encodePingreq());
	return context.armKeepalive();
}
