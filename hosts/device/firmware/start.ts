import storage from "embedded:storage/key-value";
import board from "board";
import config from "mc/config";
import Net from "net";
import openSensor from "sensor";
import type { Transport } from "../../../src/ports/index.ts";
import {
	BudgetedStore,
	KeyValueStore,
	LinkedTransport,
	Trial,
	type VerifyStatement,
	WRITES_PER_DAY,
} from "../index.ts";
import { type BoardPorts, boardPorts } from "../network/index.ts";
import { defaultClientId } from "./identity.ts";
import { openLink, withWebSocket } from "./network.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type DevicePorts, Station } from "./station.ts";
import { BANNER, VERSION } from "./version.ts";

/** The domain in the key-value storage; 15 characters at most. */
const STORAGE_PATH = "motehub";

/** What a firmware with TLS does in its own way. */
export interface Security {
	openTransport(settings: Settings, ports: BoardPorts): Transport;
	/** For offers of updates; undefined: they need no signature. Throws UsageError. */
	verifierFor(settings: Settings): VerifyStatement | undefined;
}

/** Starts the station over the transport that the settings ask for. */
export function runFirmware(security: Security): void {
	const ports = boardPorts();
	try {
		start(security, ports);
	} catch (error) {
		// Thrown on, it would abort the machine, which starts again, and again.
		ports.log.write("error", `cannot start: ${String(error)}`);
		goBackIfNew(ports);
	}
}

/** One that has just been installed is taken back as if it had found no broker: nobody needs to switch it off and on. */
function goBackIfNew({ clock, log }: BoardPorts): void {
	const fault = (reason: string) => log.write("warn", "cannot go back", { reason });
	try {
		const { updates } = board;
		if (updates === undefined) return;
		const store = new KeyValueStore(storage.open({ path: STORAGE_PATH, format: "buffer" }));
		const [confirm, restart] = [() => updates.confirm(), () => board.restart()];
		new Trial({ store, clock, version: VERSION, confirm, restart, onFault: fault }).start();
	} catch (error) {
		fault(String(error));
	}
}

function start(security: Security, base: BoardPorts): void {
	const settings = readSettings(config);
	const ports = openPorts(settings, security, base);
	const clientId = settings.clientId ?? defaultClientId(Net, ports.store, ports.random);
	const { endpoint } = ports.transport;
	base.log.write("info", BANNER, { clientId, broker: endpoint, protocol: settings.protocol });
	const signal = () => Net.get("RSSI") ?? undefined;
	const verify = security.verifierFor(settings);
	new Station({ settings, clientId, ports, board, verify, sensor: openSensor(ports.clock), signal }).start();
}

function openPorts(settings: Settings, security: Security, base: BoardPorts): DevicePorts {
	const flash = new KeyValueStore(storage.open({ path: STORAGE_PATH, format: "buffer" }));
	const store = new BudgetedStore(flash, { perDay: WRITES_PER_DAY, clock: base.clock });
	const link = openLink(settings, base);
	const direct = withWebSocket(security.openTransport(settings, base), settings, base);
	const transport = link === undefined ? direct : new LinkedTransport(direct, link, base.clock);
	return { ...base, transport, link, store, flash };
}
