import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import Net from "net";
import Time from "time";
import Timer from "timer";
import type { Clock, Log, Random, Seconds, Transport } from "../../../src/ports/index.ts";
import { DeviceClock, DeviceRandom, Resolver, TcpTransport, TimedTransport, TimeKeeper, TraceLog } from "../base.ts";

/** What a client and its transports need of the board, apart from the network. */
export interface BoardPorts {
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
}

export interface NameServers {
	/** IPv4 addresses of name servers to ask instead of those that the network names. */
	readonly dns?: readonly string[] | undefined;
}

export interface BrokerAddress extends NameServers {
	/** A name or an IPv4 address. */
	readonly host: string;
	/** Default 1883. */
	readonly port?: number | undefined;
}

export interface TimeOptions extends NameServers {
	/** Time servers, by name or IPv4 address, asked in this order. Default: pool.ntp.org. */
	readonly servers?: readonly string[] | undefined;
	/** No clock that is right shows an earlier time: when the firmware was built, since 1970. */
	readonly earliest: Seconds;
}

const MQTT_PORT = 1883;
const DEFAULT_TIME_SERVERS: readonly string[] = ["pool.ntp.org"];

/** Clock, randomness and log out of Moddable's own modules. */
export function boardPorts(): BoardPorts {
	return { clock: new DeviceClock(Time, Timer), random: new DeviceRandom(), log: new TraceLog() };
}

/** MQTT over plain TCP. */
export function openTcp(address: BrokerAddress, ports: BoardPorts): TcpTransport {
	const { host, port = MQTT_PORT } = address;
	const { clock, log } = ports;
	return new TcpTransport({ host, port, io: TCP, resolver: resolverFor(address, ports), clock, log });
}

/** The same transport, once the clock is set by SNTP: for what checks dates. */
export function withTime(transport: Transport, options: TimeOptions, ports: BoardPorts): Transport {
	const { earliest, servers = DEFAULT_TIME_SERVERS } = options;
	const resolver = resolverFor(options, ports);
	return new TimedTransport(transport, new TimeKeeper({ ...ports, io: UDP, time: Time, resolver, servers, earliest }));
}

function resolverFor({ dns }: NameServers, { clock, random }: BoardPorts): Resolver {
	const servers = (): readonly string[] => dns ?? Net.get("DNS") ?? [];
	return new Resolver({ io: UDP, servers, clock, random });
}
