import type { BrokerEvent } from "../../src/broker/index.ts";
import type { Log, LogLevel } from "../../src/ports/index.ts";

type Fields = Readonly<Record<string, string | number | boolean>>;
type Line = readonly [level: LogLevel, message: string, fields: Fields];

/** Writes one line for each event of a connection. No payload and no secret is in them. */
export function logEvent(log: Log, event: BrokerEvent): void {
	log.write(...describe(event));
}

function describe(event: BrokerEvent): Line {
	switch (event.kind) {
		case "connected": {
			const { clientId, username, version, sessionPresent, keepAlive, info } = event;
			const user = username === undefined ? {} : { username };
			const fields = { client: clientId, ...peer(event), version: VERSIONS[version], ...user };
			return ["info", "client connected", { ...fields, keepAlive, sessionPresent, listener: info.listener }];
		}
		case "refused": {
			const client = event.clientId === undefined ? {} : { client: event.clientId };
			const version = event.version === undefined ? {} : { version: VERSIONS[event.version] };
			const { listener } = event.info;
			return ["warn", "client refused", { ...client, ...peer(event), ...version, listener, ...reason(event) }];
		}
		case "disconnected": {
			const fields = { client: event.clientId, ...peer(event), version: VERSIONS[event.version] };
			return ["info", "client disconnected", { ...fields, ...reason(event) }];
		}
		case "fault":
			return ["error", `the broker core failed, a connection was closed: ${oneLine(event.message)}`, {}];
		case "sessionEnded":
			return ["debug", "session ended", { client: event.clientId }];
		case "subscribed":
			return ["debug", "subscribed", { client: event.clientId, filter: event.filter, qos: event.qos }];
		case "unsubscribed":
			return ["debug", "unsubscribed", { client: event.clientId, filter: event.filter }];
		case "denied": {
			const { clientId, username, action, topic, isRepeated } = event;
			const user = username === undefined ? {} : { username };
			const what = action === "subscribe" ? { filter: topic } : { topic };
			return [isRepeated ? "debug" : "warn", DENIED[action], { client: clientId, ...user, ...what, ...reason(event) }];
		}
		case "limit": {
			const client = event.clientId === undefined ? {} : { client: event.clientId };
			return ["warn", "limit reached", { limit: event.limit, ...client, reason: event.message }];
		}
	}
}

const DENIED = {
	publish: "message refused",
	will: "will refused",
	subscribe: "subscription refused",
} as const;

const VERSIONS = { 3: "3.1", 4: "3.1.1", 5: "5" } as const;

function peer(event: { readonly info: { readonly address: string } }): Fields {
	return { address: event.info.address };
}

function reason(event: { readonly reasonCode: number; readonly message: string }): Fields {
	return { code: `0x${event.reasonCode.toString(16).padStart(2, "0")}`, reason: event.message };
}

/** A stack trace as one line of the log. */
export function oneLine(trace: string): string {
	return trace.replace(/\s*\n\s*/g, " | ");
}
