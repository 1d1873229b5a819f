import mqtt, { type MqttClient } from "mqtt";
import { settingsFor } from "../../hosts/hub/command-line-settings.ts";
import { type ConfiguredHub, startConfiguredHub } from "../../hosts/hub/configured-hub.ts";
import { TextLog } from "../../hosts/hub/index.ts";
import type { CommandLine } from "../../hosts/hub/options.ts";
import { type DeviceEnd, readBundle, SimulatedDevice } from "../../hosts/simulator/index.ts";

/** What the firmware publishes under. */
const READINGS = "motehub/#";
/** The device joins it, and keeps it, as a board does. */
const WIFI = "simulated";
const EVERY_ADDRESS: readonly string[] = ["0.0.0.0", "::"];

/** The hub's settings leave no way in for the device. */
export class NoWayIn extends Error {
	override name = "NoWayIn";
}

/** How the device and the watcher get in. */
interface Access {
	readonly host: string;
	readonly port: number;
	readonly username: string;
	readonly password: string;
}

/** A hub, a device that publishes to it, and a client that watches what arrives. */
export class Household {
	readonly #print: (line: string) => void;
	readonly #hub: ConfiguredHub;
	readonly #device: SimulatedDevice;
	readonly #watcher: MqttClient;

	private constructor(hub: ConfiguredHub, access: Access, bundle: string, print: (line: string) => void) {
		const { host, ...mqttOptions } = access;
		this.#print = print;
		this.#hub = hub;
		this.#device = new SimulatedDevice({
			bundle,
			config: { mqtt: { broker: host, ...mqttOptions }, ssid: WIFI },
			onTrace: (line) => print(`device: ${line}`),
			onEvent: (text) => print(`device: ${text}`),
		});
		this.#watcher = mqtt.connect({ ...access, protocolVersion: 5 });
	}

	/**
	 * `print` gets whole lines. Rejects as the hub and the simulator do, or with `NoWayIn`; then nothing is left running.
	 */
	static async start(options: CommandLine, print: (line: string) => void): Promise<Household> {
		const bundle = readBundle();
		const { settings } = settingsFor(options);
		const log = new TextLog(settings.log.level, (line) => process.stderr.write(line));
		const running = await startConfiguredHub(settings, { log, announce: (text) => print(text.trimEnd()) });
		for (const { url } of running.hub.addresses) print(`connect to ${url}`);
		try {
			const household = new Household(running, accessTo(running, settings.auth.generatedUser), bundle, print);
			household.#watch();
			household.#device.start();
			return household;
		} catch (error) {
			await running.close();
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

/** From this machine, as the user whose password the hub made. */
function accessTo({ hub, credentials }: ConfiguredHub, username: string | undefined): Access {
	const address = hub.addresses.find(({ url }) => url.startsWith("mqtt:"));
	if (!address) throw new NoWayIn("the simulated device needs a listener of type tcp");
	if (!credentials || username === undefined) throw new NoWayIn("the simulated device needs auth.generated_user");
	const host = EVERY_ADDRESS.includes(address.host) ? "127.0.0.1" : address.host;
	return { host, port: address.port, username, password: credentials.password };
}
