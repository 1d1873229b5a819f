import { Client, type ClientState } from "../../../src/client/index.ts";
import { HomeAssistantDevice, type SharedReadings } from "../../../src/homeassistant/index.ts";
import type { Clock, Log, Millis, Random, Seconds, Store, TimerHandle, Transport } from "../../../src/ports/index.ts";
import type { NetworkLink, VerifyStatement } from "../index.ts";
import type { Board } from "./board.ts";
import { clientOptions } from "./client-options.ts";
import type { CommandTarget } from "./commands.ts";
import { describeReason, describeState } from "./describe.ts";
import { Diagnostics } from "./diagnostics.ts";
import { FirmwareUpdate } from "./firmware-update.ts";
import { homeAssistantOptions } from "./home-assistant.ts";
import { IntervalMemory } from "./interval-memory.ts";
import type { Sensor } from "./sensor.ts";
import type { Settings } from "./settings.ts";
import { Topics } from "./topics.ts";
import { VERSION } from "./version.ts";

/** Before a restart, the last words have this long to be acknowledged. */
const FAREWELL_TIMEOUT: Millis = 3_000;

/** What the device host provides. */
export interface DevicePorts {
	readonly transport: Transport;
	/** Undefined: the network does not come and go. */
	readonly link: NetworkLink | undefined;
	readonly clock: Clock;
	readonly random: Random;
	readonly store: Store;
	/** The same without a budget: that a new firmware is on trial must be known, whatever was written before. */
	readonly flash: Store;
	readonly log: Log;
}

export interface StationParts {
	readonly settings: Settings;
	readonly clientId: string;
	readonly ports: DevicePorts;
	readonly board: Board;
	readonly sensor: Sensor;
	/** Given, updates must be signed. */
	readonly verify: VerifyStatement | undefined;
	/** Of the Wi-Fi, in dBm; undefined where there is none. */
	readonly signal: () => number | undefined;
}

/** A weather station: publishes what its sensor says, obeys commands, and says what goes wrong. */
export class Station implements CommandTarget {
	readonly #parts: StationParts;
	readonly #device: HomeAssistantDevice;
	readonly #client: Client;
	readonly #diagnostics: Diagnostics;
	readonly #memory: IntervalMemory;
	readonly #update: FirmwareUpdate | undefined;
	readonly install: (() => void) | undefined;
	readonly #started: Millis;
	#interval: Seconds;
	#timer: TimerHandle;
	#isOnline = false;
	#sensorFails = false;
	#isStopping = false;

	constructor(parts: StationParts) {
		const { settings, clientId, ports } = parts;
		this.#parts = parts;
		const topics = new Topics(clientId);
		this.install = parts.board.updates && (() => this.#update?.install());
		this.#device = new HomeAssistantDevice(homeAssistantOptions(clientId, topics, this));
		this.#client = new Client(
			clientOptions(settings, clientId, this.#device.will, (state) => this.#changed(state)),
			ports,
		);
		this.#diagnostics = new Diagnostics(this.#client, topics.diagnostics, ports.log);
		this.#update = this.#createUpdate(topics.update);
		this.#memory = new IntervalMemory(ports.store, ports.log);
		this.#interval = this.#memory.load() ?? settings.interval;
		this.#started = ports.clock.now();
	}

	start(): void {
		this.#parts.board.onShutdown((done) => this.#stop(done));
		this.#device.attach({
			...this.#parts.ports,
			client: this.#client,
			onFault: ({ event, ...fields }) => this.#diagnostics.report(event, fields),
		});
		this.#device.setState("interval", this.#interval);
		if (this.#update === undefined)
			this.#device.setState("firmware", { installedVersion: VERSION, latestVersion: VERSION });
		this.#update?.start();
		// What failed without a network is tried again when it is back, not when the backoff is over.
		this.#parts.ports.link?.onChange((isUp) => {
			if (isUp) this.#client.retry();
		});
		this.#client.start();
	}

	setInterval(interval: Seconds): void {
		this.#interval = interval;
		this.#device.setState("interval", interval);
		this.#scheduleReading();
		try {
			this.#memory.save(interval);
		} catch (error) {
			this.#diagnostics.report("interval-not-kept", { reason: String(error) });
		}
	}

	identify(duration: Seconds): void {
		this.#parts.board.identify(duration);
	}

	restart(): void {
		this.#log.write("info", "restarting");
		this.#stop(() => this.#parts.board.restart());
	}

	#createUpdate(topic: string): FirmwareUpdate | undefined {
		const support = this.#parts.board.updates;
		if (support === undefined) return undefined;
		return new FirmwareUpdate({
			...this.#parts.ports,
			store: this.#parts.ports.flash,
			client: this.#client,
			support,
			topic,
			verify: this.#parts.verify,
			onState: (state) => this.#device.setState("firmware", state),
			onFault: (reason) => this.#diagnostics.report("update-failed", { reason }),
			onInstalled: (version) => {
				this.#log.write("info", "update installed", { version });
				this.restart();
			},
			restart: () => this.restart(),
		});
	}

	get #log(): Log {
		return this.#parts.ports.log;
	}

	#changed(state: ClientState): void {
		this.#log.write("info", state.kind, describeState(state));
		const wasOnline = this.#isOnline;
		this.#isOnline = state.kind === "online";
		if (this.#isOnline) {
			this.#update?.online();
			// Read first: the announcement ends with the newest reading.
			this.#read();
		}
		this.#device.connectionChanged(state);
		// Once for each outage: further attempts that fail would only fill the outbox.
		if (wasOnline && state.kind === "offline") this.#diagnostics.report("disconnected", describeReason(state.reason));
	}

	/** Offline, nothing is read: a state that is retained has only one value that counts, and it is read on connecting. */
	#read(): void {
		this.#scheduleReading();
		if (!this.#isOnline || this.#isStopping) return;
		try {
			this.#device.setShared(this.#readings());
			this.#sensorFails = false;
		} catch (error) {
			// The sensor does not answer, or says what is no number.
			if (!this.#sensorFails) this.#diagnostics.report("sensor-failed", { reason: String(error) });
			this.#sensorFails = true;
		}
	}

	#scheduleReading(): void {
		const { clock } = this.#parts.ports;
		clock.clearTimer(this.#timer);
		this.#timer = clock.setTimer(() => this.#read(), this.#interval * 1_000);
	}

	#readings(): SharedReadings {
		const { temperature, humidity } = this.#parts.sensor.read();
		const uptime = this.#uptime();
		const signal = this.#parts.signal() ?? null;
		return { temperature: tenths(temperature), humidity: tenths(humidity), uptime, signal };
	}

	#uptime(): Seconds {
		return Math.floor((this.#parts.ports.clock.now() - this.#started) / 1_000);
	}

	/** Says `offline`, which the will would say only if the connection broke, and disconnects. */
	#stop(done: () => void): void {
		if (this.#isStopping) return;
		this.#isStopping = true;
		this.#parts.ports.clock.clearTimer(this.#timer);
		if (this.#isOnline) this.#device.goodbye();
		const drain = this.#isOnline ? FAREWELL_TIMEOUT : 0;
		this.#client.end({ drain }).then(done, done);
	}
}

function tenths(value: number): number {
	return Math.round(value * 10) / 10;
}
