import storage from "embedded:storage/key-value";
import board from "board";
import config from "mc/config";
import Net from "net";
import openSensor from "sensor";
import Time from "time";
import Timer from "timer";
import type { Transport } from "../../../src/ports/index.ts";
import { DeviceClock, DeviceRandom, KeyValueStore, LinkedTransport, TraceLog } from "../index.ts";
import { defaultClientId } from "./identity.ts";
import { type NetworkPorts, openLink, withWebSocket } from "./network.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type DevicePorts, Station } from "./station.ts";

/** The domain in the key-value storage; 15 characters at most. */
const STORAGE_PATH = "motehub";

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
	const network: NetworkPorts = { clock, random, log };
	const link = openLink(settings, network);
	const direct = withWebSocket(openTransport(settings, network), settings, network);
	const transport = link === undefined ? direct : new LinkedTransport(direct, link, clock);
	return { transport, link, clock, random, store, log };
}
