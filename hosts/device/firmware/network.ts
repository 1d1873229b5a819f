import WiFi from "embedded:network/interface/wifi";
import type { Transport } from "../../../src/ports/index.ts";
import { WebSocketTransport } from "../../../src/websocket/index.ts";
import { type NetworkLink, WiFiLink } from "../index.ts";
import { type BoardPorts, openTcp, withTime } from "../network/index.ts";
import type { Settings } from "./settings.ts";

/** Plain TCP to the broker that the settings name. */
export function tcpToBroker({ broker: host, port, dns }: Settings, ports: BoardPorts): Transport {
	return openTcp({ host, port, dns }, ports);
}

/** The same transport, once the clock is set: for what checks dates. */
export function onceTimeIsSet(transport: Transport, settings: Settings, ports: BoardPorts): Transport {
	const { ntp: servers, dns, buildTime } = settings;
	return withTime(transport, { servers, dns, earliest: buildTime }, ports);
}

/** The transport itself, or a WebSocket over it, as the settings say. */
export function withWebSocket(transport: Transport, settings: Settings, { random }: BoardPorts): Transport {
	const { broker, port, webSocket, certificate } = settings;
	if (webSocket === undefined) return transport;
	// Proxies may tell sites apart by it, and then without the port that goes without saying.
	const host = port === (certificate === undefined ? 80 : 443) ? broker : `${broker}:${port}`;
	return new WebSocketTransport({ transport, random, host, ...webSocket });
}

/** The Wi-Fi; undefined: the network is none of ours to keep, for instance a cable. */
export function openLink({ wifi }: Settings, { clock, log }: BoardPorts): NetworkLink | undefined {
	return wifi && new WiFiLink({ ...wifi, io: WiFi, clock, log });
}
