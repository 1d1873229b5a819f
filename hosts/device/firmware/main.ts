import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import storage from "embedded:storage/key-value";
import board from "board";
import config from "mc/config";
import Net from "net";
import openSensor from "sensor";
import Time from "time";
import Timer from "timer";
import { DeviceClock, DeviceRandom, KeyValueStore, Resolver, TcpTransport, TraceLog } from "../index.ts";
import { defaultClientId } from "./identity.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type DevicePorts, Station } from "./station.ts";

/** The domain in the key-value storage; 15 characters at most. */
const STORAGE_PATH = "motehub";

/** Moddable calls this once the network is up. */
export default function main(): void {
	const log = new TraceLog();
	try {
		start(log);
	} catch (error) {
		// Thrown on, it would abort the machine, which starts again, and again.
		log.write("error", `cannot start: ${String(error)}`);
	}
}

function start(log: TraceLog): void {
	const settings = readSettings(config);
	const ports = openPorts(settings, log);
	const clientId = settings.clientId ?? defaultClientId(Net, ports.store, ports.random);
	log.write("info", "motehub firmware", { clientId, broker: ports.transport.endpoint, protocol: settings.protocol });
	new Station({ settings, clientId, ports, board, sensor: openSensor(ports.clock) }).start();
}

function openPorts(settings: Settings, log: TraceLog): DevicePorts {
	const clock = new DeviceClock(Time, Timer);
	const random = new DeviceRandom();
	const store = new KeyValueStore(storage.open({ path: STORAGE_PATH, format: "buffer" }));
	const servers = (): readonly string[] => settings.dns ?? Net.get("DNS") ?? [];
	const resolver = new Resolver({ io: UDP, servers, clock, random });
	const transport = new TcpTransport({ host: settings.broker, port: settings.port, io: TCP, resolver, clock, log });
	return { transport, clock, random, store, log };
}
