import { LIVE_LIMITS, type LiveLimits } from "../../../src/broker/index.ts";
import { Secret } from "../../../src/config/index.ts";
import type { HubLimits } from "../hub.ts";
import type { HubSettings, LimitSettings } from "./settings.ts";

/** Whether two parts of the settings say the same; secrets are compared by what they hide. */
export function isSame(a: unknown, b: unknown): boolean {
	if (a instanceof Secret && b instanceof Secret) return a.reveal() === b.reveal();
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
	const [entries, others] = [Object.entries(a), Object.entries(b)];
	if (Array.isArray(a) !== Array.isArray(b) || entries.length !== others.length) return false;
	return entries.every(([key, value]) => Object.hasOwn(b, key) && isSame(value, (b as Record<string, unknown>)[key]));
}

/** Whether the listeners are opened with the same values. Who gets in by them is looked up when somebody comes. */
export function opensSame(a: HubSettings, b: HubSettings): boolean {
	const opened = ({ listeners }: HubSettings) => listeners.map(({ allowAnonymous: _, ...rest }) => rest);
	return isSame(opened(a), opened(b));
}

/** The keys whose values a hub that runs does not change, of those that are not as they were when it started. */
export function keysForRestart(started: HubSettings, wanted: HubSettings): readonly string[] {
	const changed = PARTS.filter(([part]) => !isSame(started[part], wanted[part])).map(([, key]) => key);
	// Users and rights were written for the new listeners: by the old ones they could let in whom nobody meant.
	const entrance = opensSame(started, wanted) ? [] : ["listeners", "auth", "acl"];
	return [...entrance, ...changed];
}

/** The limits that a hub that runs can change: all that a configuration can. */
export function liveLimits({ broker, messagesPerSecond, maxQos, connectionsPerAddress }: LimitSettings): HubLimits {
	const limits = Object.fromEntries(LIVE_LIMITS.map((field) => [field, broker[field]])) as unknown as LiveLimits;
	return {
		...limits,
		messagesPerSecond: messagesPerSecond ?? broker.messagesPerSecond,
		maxQos,
		connectionsPerAddress,
	};
}

const PARTS = [
	["connection", "mqtt"],
	["store", "store"],
	["http", "http"],
	["dataFolder", "data"],
] as const satisfies readonly (readonly [keyof HubSettings, string])[];
