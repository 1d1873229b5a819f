import type { Report } from "../../../src/config/index.ts";
import { endpointText } from "./endpoint.ts";
import { overlap } from "./listener-settings.ts";
import type { BridgeSettings, HubSettings } from "./settings.ts";

/** Reports what is well-formed in a configuration of our own, but could never work beside the rest of it. */
export function reportFutile(settings: HubSettings, report: Report): void {
	refuseTakenHttpPort(settings, report);
	noticeSecondPassword(settings, report);
	noticeUncheckedPasswords(settings, report);
	noticeWiderListeners(settings, report);
	noticeStrangersRights(settings, report);
	refuseSharedClientIds(settings, report);
	for (const bridge of settings.bridges) noticeRulesIntoSys(bridge, report);
}

function refuseTakenHttpPort({ http: { bind }, listeners }: HubSettings, report: Report): void {
	const taken = bind === undefined ? undefined : listeners.find((listener) => overlap(listener, bind));
	if (bind === undefined || taken === undefined) return;
	const advice = "leave bind out to have the pages on the WebSocket listeners";
	report.error(["http", "bind"], `${endpointText(bind)} is the address of listener ${taken.name}: ${advice}`);
}

function noticeSecondPassword({ auth: { users, generatedUser } }: HubSettings, report: Report): void {
	if (!users.some(({ name }) => name === generatedUser)) return;
	report.notice(
		["auth", "generated_user"],
		`${generatedUser} is among users already, and the password there does not count`,
	);
}

function noticeUncheckedPasswords({ auth }: HubSettings, report: Report): void {
	if (auth.checkPasswords) return;
	if (auth.users.length > 0)
		report.notice(["auth", "users"], "has no effect: check_passwords is false, and every name gets in");
	if (auth.passwordFiles.length > 0) {
		report.notice(["auth", "password_file"], "has no effect: check_passwords is false, and every name gets in");
	}
}

function noticeWiderListeners({ listeners, limits }: HubSettings, report: Report): void {
	const { maxPacket, connections } = limits.broker;
	for (const listener of listeners) {
		const at = (key: string) => ["listeners", listener.name, key];
		if ((listener.maxPacket ?? 0) > maxPacket) {
			report.notice(at("max_packet"), `has no effect: limits.max_packet is ${maxPacket}`);
		}
		if ((listener.maxConnections ?? 0) > connections) {
			report.notice(at("max_connections"), `has no effect: limits.connections is ${connections}`);
		}
	}
}

/** Rights of names that nobody gets in by. Names out of files and certificates are not known here. */
function noticeStrangersRights({ access, auth, listeners }: HubSettings, report: Report): void {
	if (access.kind !== "topics" || !auth.checkPasswords || auth.passwordFiles.length > 0) return;
	if (listeners.some(({ tls }) => tls?.identityAsUsername === true)) return;
	const known = new Set([auth.generatedUser, ...auth.users.map(({ name }) => name)]);
	if (listeners.some(({ allowAnonymous }) => allowAnonymous)) known.add("anonymous");
	for (const key of ["subscribe", "publish"] as const) {
		for (const { user } of access[key] ?? []) {
			if (!known.has(user)) report.notice(["acl", key, user], "has no effect: nobody gets in by this name");
		}
	}
}

/** Each would throw the other out, for ever. Brokers of many tenants tell them by the user name: there both get in. */
function refuseSharedClientIds({ bridges }: HubSettings, report: Report): void {
	for (const [index, bridge] of bridges.entries()) {
		const other = bridges.slice(0, index).find((earlier) => isSameClient(earlier, bridge));
		if (other === undefined) continue;
		const fault = `is that of bridge ${other.name} at the same broker, which lets in one of the two at a time`;
		report.error(["bridges", bridge.name, "client_id"], fault);
	}
}

function isSameClient({ connection: a }: BridgeSettings, { connection: b }: BridgeSettings): boolean {
	const isSameBroker = a.broker.toLowerCase() === b.broker.toLowerCase() && a.port === b.port;
	return isSameBroker && a.username === b.username && a.clientId !== undefined && a.clientId === b.clientId;
}

function noticeRulesIntoSys({ name, topics }: BridgeSettings, report: Report): void {
	for (const [index, { direction, localPrefix, filter }] of topics.entries()) {
		if (direction === "out" || !`${localPrefix}${filter}`.startsWith("$SYS/")) continue;
		const fault = `brings in nothing: on "${localPrefix}${filter}" only the hub itself publishes`;
		report.notice(["bridges", name, "topics", index], fault);
	}
}
