import { encodePingreq, REASON } from "../codec/index.ts";
import { beginRound, fail, phaseOf, reasonOf } from "./connection.ts";
import type { Context } from "./context.ts";
import type { Deadline } from "./deadlines.ts";
import { finish } from "./ending.ts";
import { saveAll } from "./unsaved.ts";

/** What happens when a deadline comes. */
export const ON_DEADLINE: Readonly<Record<Deadline, (context: Context) => void>> = {
	open: onOpenTimeout,
	connack: onConnackTimeout,
	keepalive: onKeepalive,
	stable: (context) => context.backoff.reset(),
	reconnect: beginRound,
	expiry: onExpiry,
	end: onEnd,
	save: saveAll,
	listen: (context) => {
		context.listen = 0;
	},
	turn: () => undefined, // that time passes is all
};

// Only a visit promises something that it may have to take back.
function onEnd(context: Context): void {
	const message = "The time of the visit was over before everything was done.";
	finish(context, context.ending === "visit" ? reasonOf(context, phaseOf(context), message) : undefined);
}

function onOpenTimeout(context: Context): void {
	fail(context, `The connection was not ready within ${context.settings.connectTimeout} ms.`);
}

// Silence is no refusal of the version: a slow network looks the same.
function onConnackTimeout(context: Context): void {
	const { settings, ladder } = context;
	const advice =
		ladder.protocol === "3.1"
			? "it may be overloaded, or no MQTT broker."
			: `it may be overloaded, or not know MQTT ${ladder.protocol}: then set an older "protocol".`;
	fail(context, `The broker did not answer CONNECT within ${settings.connectTimeout} ms: ${advice}`);
}

function onKeepalive(context: Context): void {
	const { keepalive, deadlines, now, wire } = context;
	const verdict = keepalive.check(now);
	if (verdict === "dead") {
		fail(context, "The connection is dead: nothing arrived for more than the keep alive interval.", {
			reasonCode: REASON.KEEP_ALIVE_TIMEOUT,
		});
		return;
	}
	if (verdict === "ping") wire.owe(encodePingreq());
	if (keepalive.deadline !== undefined) deadlines.set("keepalive", keepalive.deadline);
}

function onExpiry(context: Context): void {
	context.outgoing.expire(context.now);
	context.armExpiry();
}
