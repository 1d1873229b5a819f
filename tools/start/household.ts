import mqtt, { type MqttClient } from "mqtt";
import { EMBEDDED_USER, type EmbeddedHub, startEmbeddedHub } from "../../hosts/hub/embedded-hub.ts";
import type { Hub } from "../../hosts/hub/index.ts";
import type { CommandLine } from "../../hosts/hub/options.ts";
import { type DeviceEnd, readBundle, SimulatedDevice } from "../../hosts/simulator/index.ts";

/** What the firmware publishes under. */
const READINGS = "motehub/#";
const EVERY_ADDRESS: readonly string[] = ["0.0.0.0", "::"];

/** A hub, a device that publishes to it, and a client that watches what arrives. */
export class Household {
	readonly #print: (line: string) => void;
	readonly #hub: Hub;
	readonly #device: SimulatedDevice;
	readonly #watcher: MqttClient;

	private constructor({ hub, credentials }: EmbeddedHub, bundle: string, print: (line: string) => void) {
		this.#print = print;
		this.#hub = hub;
		const { host, port } = brokerAddress(hub);
		const { password } = credentials;
		this.#device = new SimulatedDevice({
			bundle,
			config: { mqtt: { broker: host, port, username: EMBEDDED_USER, password } },
			onTrace: (line) => print(`device: ${line}`),
			onEvent: (text) => print(`device: ${text}`),
		});
		this.#watcher = mqtt.connect({ host, port, username: EMBEDDED_USER, password, protocolVersion: 5 });
	}

	/**
	 * `print` gets whole lines. Rejects as the hub and the simulator do: `BundleMissing`, `DataFolderError`, `ListenError`,
	 * `XsEngineMissing`; then nothing is left running.
	 */
	static async start(options: CommandLine, print: (line: string) => void): Promise<Household> {
		const bundle = readBundle();
		const embedded = await startEmbeddedHub(options, (text) => print(text.trimEnd()));
		for (const { url } of embedded.hub.addresses) print(`connect to ${url}`);
		try {
			const household = new Household(embedded, bundle, print);
			household.#watch();
			household.#device.start();
			return household;
		} catch (error) {
			await embedded.hub.close();
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

/** Where the device reaches the hub from this machine. */
function brokerAddress(hub: Hub): { readonly host: string; readonly port: number } {
	const address = hub.addresses.find(({ url }) => url.startsWith("mqtt:"));
	if (!address) throw new Error("the hub does not listen on TCP");
	return { host: EVERY_ADDRESS.includes(address.host) ? "127.0.0.1" : address.host, port: address.port };
}
