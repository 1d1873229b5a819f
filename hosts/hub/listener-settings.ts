import type { ListenerSettings, WebSocketSettings } from "./config/index.ts";
import type { ListenerOptions, WebSocketOptions } from "./listener-options.ts";
import type { TlsOptions } from "./tls/index.ts";

/** `createHub`'s listeners out of settings. `homeCertificate` is the file that `certificate: auto` stands for. */
export function listenersOf(
	settings: readonly ListenerSettings[],
	homeCertificate: string | undefined,
): Readonly<Record<string, ListenerOptions>> {
	return Object.fromEntries(settings.map((each) => [each.name, listenerOf(each, homeCertificate)]));
}

/** Whether any of the listeners shows the certificate that the hub makes itself. */
export function needsHomeCertificate(settings: readonly ListenerSettings[]): boolean {
	return settings.some(({ tls }) => tls?.certificate === "auto");
}

function listenerOf(settings: ListenerSettings, homeCertificate: string | undefined): ListenerOptions {
	const { type, host, port, allowAnonymous, maxConnections, maxPacket } = settings;
	const bound = {
		host,
		port,
		allowAnonymous,
		// Undefined: as many as the broker takes in all.
		maxConnections: maxConnections ?? Number.POSITIVE_INFINITY,
		...(maxPacket === undefined ? {} : { maxPacket }),
	};
	switch (type) {
		case "tcp":
			return { ...bound, type };
		case "tls":
			return { ...bound, type, tls: tlsOf(settings, homeCertificate) };
		case "ws":
			return { ...bound, ...webSocketOf(settings.webSocket), type };
		case "wss":
			return { ...bound, ...webSocketOf(settings.webSocket), type, tls: tlsOf(settings, homeCertificate) };
	}
}

function webSocketOf(settings: WebSocketSettings | undefined): WebSocketOptions {
	const { path, origins } = settings ?? {};
	return { ...(path === undefined ? {} : { path }), ...(origins === undefined ? {} : { origins }) };
}

function tlsOf({ name, tls }: ListenerSettings, homeCertificate: string | undefined): TlsOptions {
	if (tls === undefined) throw new TypeError(`listener ${name} has no settings for TLS`);
	if (tls.certificate !== "auto") return tls;
	if (homeCertificate === undefined) throw new TypeError("the home's certificate was not made");
	return { ...tls, certificate: homeCertificate };
}
