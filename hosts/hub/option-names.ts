import { HUB_LIMITS } from "../../src/broker/index.ts";
import { UsageError } from "../../src/codec/index.ts";
import { mostSimilar } from "../../src/config/index.ts";
import type { HubOptions } from "./hub-options.ts";
import type { ListenerOptions } from "./listener-options.ts";
import type { TlsOptions } from "./tls/index.ts";

/** The names of all options of a type, or of all types of a union: the compiler misses one that is left out. */
type Names<T> = Readonly<Record<T extends unknown ? keyof T : never, true>>;

const HUB: Names<HubOptions> = {
	listeners: true,
	users: true,
	allowAnonymous: true,
	authenticate: true,
	authenticationMethods: true,
	access: true,
	passage: true,
	limits: true,
	serverKeepAlive: true,
	connectionsPerAddress: true,
	sysInterval: true,
	http: true,
	store: true,
	log: true,
};

const LISTENER: Names<ListenerOptions> = {
	type: true,
	host: true,
	port: true,
	maxConnections: true,
	allowAnonymous: true,
	maxPacket: true,
	path: true,
	origins: true,
	server: true,
	tls: true,
};

const TLS: Names<TlsOptions> = {
	certificate: true,
	key: true,
	clientCa: true,
	clientCertificate: true,
	minVersion: true,
};

/**
 * Throws `UsageError` for an option that there is not. The compiler finds those, but plain JavaScript has none, and a hub
 * without the rights that were meant for it lets everybody do everything.
 */
export function checkNames(options: HubOptions): void {
	refuseUnknown(options, HUB, "createHub");
	refuseUnknown(options.limits, HUB_LIMITS, "limits");
	for (const [name, listener] of Object.entries(options.listeners ?? {})) {
		refuseUnknown(listener, LISTENER, `listener ${name}`);
		if ("tls" in listener) refuseUnknown(listener.tls, TLS, `tls of listener ${name}`);
	}
}

function refuseUnknown(options: object | undefined, known: object, where: string): void {
	const names = Object.keys(known);
	const unknown = Object.keys(options ?? {}).find((name) => !names.includes(name));
	if (unknown === undefined) return;
	const meant = mostSimilar(unknown, names);
	const hint = meant === undefined ? `there are ${names.join(", ")}` : `is ${meant} meant?`;
	throw new UsageError(`${where}: unknown option ${unknown}: ${hint}`);
}
