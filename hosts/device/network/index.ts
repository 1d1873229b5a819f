import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import Net from "net";
import Time from "time";
import Timer from "timer";
import type { Clock, Log, Random, Seconds, Transport } from "../../../src/ports/index.ts";
import {
	BUILT,
	DeviceClock,
	DeviceRandom,
	Resolver,
	TcpTransport,
	TimedTransport,
	TimeKeeper,
	TraceLog,
} from "../base.ts";

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
	/** No clock that is right shows an earlier time, since 1970. Default: when the firmware was built. */
	readonly earliest?: Seconds | undefined;
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
	return new TimedTransport(transport, timeKeeper(options, ports));
}

/** What sets the machine's clock by SNTP. */
export function timeKeeper(options: TimeOptions, ports: BoardPorts): TimeKeeper {
	const { earliest = BUILT, servers = DEFAULT_TIME_SERVERS } = options;
	const resolver = resolverFor(options, ports);
	return new TimeKeeper({ ...ports, io: UDP, time: Time, resolver, servers, earliest });
}

function resolverFor({ dns }: NameServers, { clock, random }: BoardPorts): Resolver {
	const servers = (): readonly string[] => dns ?? Net.get("DNS") ?? [];
	return new Resolver({ io: UDP, servers, clock, random });
}
