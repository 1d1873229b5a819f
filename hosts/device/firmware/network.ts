import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import WiFi from "embedded:network/interface/wifi";
import Net from "net";
import Time from "time";
import type { Clock, Log, Random, Transport } from "../../../src/ports/index.ts";
import { WebSocketTransport } from "../../../src/websocket/index.ts";
import { type NetworkLink, Resolver, TcpTransport, TimedTransport, TimeKeeper, WiFiLink } from "../index.ts";
import type { Settings } from "./settings.ts";
import { RELEASED } from "./version.ts";

/** What a transport is made of. */
export interface NetworkPorts {
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
}

/** MQTT over plain TCP. */
export function openTcp(settings: Settings, ports: NetworkPorts): TcpTransport {
	const { clock, log } = ports;
	const resolver = resolverFor(settings, ports);
	return new TcpTransport({ host: settings.broker, port: settings.port, io: TCP, resolver, clock, log });
}

/** The same transport, once the clock is set: for what checks dates. */
export function withTime(transport: Transport, settings: Settings, ports: NetworkPorts): Transport {
	const { ntp: servers, buildTime } = settings;
	const earliest = Math.max(RELEASED, buildTime);
	const resolver = resolverFor(settings, ports);
	return new TimedTransport(transport, new TimeKeeper({ ...ports, io: UDP, time: Time, resolver, servers, earliest }));
}

/** The transport itself, or a WebSocket over it, as the settings say. */
export function withWebSocket(transport: Transport, settings: Settings, { random }: NetworkPorts): Transport {
	const { broker, port, webSocket, certificate } = settings;
	if (webSocket === undefined) return transport;
	// Proxies may tell sites apart by it, and then without the port that goes without saying.
	const host = port === (certificate === undefined ? 80 : 443) ? broker : `${broker}:${port}`;
	return new WebSocketTransport({ transport, random, host, ...webSocket });
}

/** The Wi-Fi; undefined: the network is none of ours to keep, for instance a cable. */
export function openLink({ wifi }: Settings, { clock, log }: NetworkPorts): NetworkLink | undefined {
	return wifi && new WiFiLink({ ...wifi, io: WiFi, clock, log });
}

function resolverFor(settings: Settings, { clock, random }: NetworkPorts): Resolver {
	const servers = (): readonly string[] => settings.dns ?? Net.get("DNS") ?? [];
	return new Resolver({ io: UDP, servers, clock, random });
}
