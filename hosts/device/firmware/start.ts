import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import storage from "embedded:storage/key-value";
import board from "board";
import config from "mc/config";
import Net from "net";
import openSensor from "sensor";
import Time from "time";
import Timer from "timer";
import type { Clock, Log, Random, Transport } from "../../../src/ports/index.ts";
import { DeviceClock, DeviceRandom, KeyValueStore, Resolver, TcpTransport, TraceLog } from "../index.ts";
import { defaultClientId } from "./identity.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type DevicePorts, Station } from "./station.ts";

/** The domain in the key-value storage; 15 characters at most. */
const STORAGE_PATH = "motehub";

/** What a transport is made of. */
export interface NetworkPorts {
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
}

export type OpenTransport = (settings: Settings, ports: NetworkPorts) => Transport;

/** Starts the station over the transport that the settings ask for. */
export function runFirmware(openTransport: OpenTransport): void {
	const log = new TraceLog();
	try {
		start(openTransport, log);
	} catch (error) {
		// Thrown on, it would abort the machine, which starts again, and again.
		log.write("error", `cannot start: ${String(error)}`);
	}
}

/** MQTT over plain TCP. */
export function openTcp(settings: Settings, { clock, random, log }: NetworkPorts): TcpTransport {
	const servers = (): readonly string[] => settings.dns ?? Net.get("DNS") ?? [];
	const resolver = new Resolver({ io: UDP, servers, clock, random });
	return new TcpTransport({ host: settings.broker, port: settings.port, io: TCP, resolver, clock, log });
}

function start(openTransport: OpenTransport, log: TraceLog): void {
	const settings = readSettings(config);
	const ports = openPorts(settings, openTransport, log);
	const clientId = settings.clientId ?? defaultClientId(Net, ports.store, ports.random);
	log.write("info", "motehub firmware", { clientId, broker: ports.transport.endpoint, protocol: settings.protocol });
	const signal = () => Net.get("RSSI") ?? undefined;
	new Station({ settings, clientId, ports, board, sensor: openSensor(ports.clock), signal }).start();
}

function openPorts(settings: Settings, openTransport: OpenTransport, log: TraceLog): DevicePorts {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const store = new KeyValueStore(storage.open({ path: STORAGE_PATH, format: "buffer" }));
	return { transport: openTransport(settings, { clock, random, log }), clock, random, store, log };
}
