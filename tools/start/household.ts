import mqtt, { type MqttClient } from "mqtt";
import { openDataFolder } from "../../hosts/hub/data-folder.ts";
import { type GeneratedPassword, loadOrGeneratePassword } from "../../hosts/hub/generated-password.ts";
import { createHub, type Hub, TextLog } from "../../hosts/hub/index.ts";
import type { CommandLine } from "../../hosts/hub/options.ts";
import { type DeviceEnd, readBundle, SimulatedDevice } from "../../hosts/simulator/index.ts";

const USER = "homeassistant";
/** What the firmware publishes under. */
const READINGS = "motehub/#";

/** A hub, a device that publishes to it, and a client that watches what arrives. */
export class Household {
	readonly #print: (line: string) => void;
	readonly #hub: Hub;
	readonly #device: SimulatedDevice;
	readonly #watcher: MqttClient;

	private constructor(print: (line: string) => void, hub: Hub, password: string, bundle: string) {
		this.#print = print;
		this.#hub = hub;
		const { port } = tcpAddress(hub);
		this.#device = new SimulatedDevice({
			bundle,
			config: { mqtt: { broker: "127.0.0.1", port, username: USER, password } },
			onTrace: (line) => print(`device: ${line}`),
			onEvent: (text) => print(`device: ${text}`),
		});
		this.#watcher = mqtt.connect({ host: "127.0.0.1", port, username: USER, password, protocolVersion: 5 });
	}

	/** Throws what the hub and the simulator throw: `ListenError`, `DataFolderError`, `BundleMissing`, `XsEngineMissing`. */
	static async start(options: CommandLine, print: (line: string) => void): Promise<Household> {
		const bundle = readBundle();
		openDataFolder(options.data);
		const kept = loadOrGeneratePassword(options.data);
		const hub = await listen(options, kept.password);
		try {
			const household = new Household(print, hub, kept.password, bundle);
			for (const { url } of hub.addresses) print(`connect to ${url}`);
			print(credentials(kept));
			household.#watch();
			household.#device.start();
			return household;
		} catch (error) {
			await hub.close();
			throw error;
		}
	}

	/** When the device is off, and why if nobody asked for it. */
	get deviceEnded(): Promise<DeviceEnd> {
		return this.#device.ended;
	}

	/** The device says goodbye, then everybody else. */
	async stop(): Promise<void> {
		await this.#device.stop();
		await this.#watcher.endAsync();
		await this.#hub.close();
	}

	#watch(): void {
		this.#watcher.on("message", (topic, payload) => this.#print(`${topic} ${payload.toString()}`));
		this.#watcher.on("error", (error) => this.#print(`watching failed: ${error.message}`));
		this.#watcher.subscribe(READINGS);
	}
}

/** The password itself only when it was made just now, and on a terminal: what is not one may be a log that others read. */
function credentials({ password, file, created }: GeneratedPassword): string {
	if (!created || !process.stdout.isTTY) return `user name ${USER}, password in ${file}`;
	return `user name ${USER}, password ${password} (shown once; kept in ${file})`;
}

function listen(options: CommandLine, password: string): Promise<Hub> {
	const { host, port, httpPort, allowAnonymous, logLevel } = options;
	return createHub({
		listeners: { default: { type: "tcp", host, port }, websocket: { type: "ws", host, port: httpPort } },
		users: { [USER]: password },
		allowAnonymous,
		log: new TextLog(logLevel, (line) => process.stderr.write(line)),
	});
}

function tcpAddress(hub: Hub): Hub["addresses"][number] {
	const address = hub.addresses.find(({ url }) => url.startsWith("mqtt:"));
	if (!address) throw new Error("the hub does not listen on TCP");
	return address;
}
