import { Client, type ClientState, type Message } from "../../../src/client/index.ts";
import type { Clock, Log, Millis, Random, Seconds, Store, TimerHandle, Transport } from "../../../src/ports/index.ts";
import type { Board } from "./board.ts";
import { clientOptions } from "./client-options.ts";
import { CommandError, type CommandTarget, obey } from "./commands.ts";
import { describeReason, describeState } from "./describe.ts";
import { Diagnostics } from "./diagnostics.ts";
import { IntervalMemory } from "./interval-memory.ts";
import type { Sensor } from "./sensor.ts";
import type { Settings } from "./settings.ts";
import { Topics } from "./topics.ts";

/** Before a restart, the last words have this long to be acknowledged. */
const FAREWELL_TIMEOUT: Millis = 3_000;

/** What the device host provides. */
export interface DevicePorts {
	readonly transport: Transport;
	readonly clock: Clock;
	readonly random: Random;
	readonly store: Store;
	readonly log: Log;
}

export interface StationParts {
	readonly settings: Settings;
	readonly clientId: string;
	readonly ports: DevicePorts;
	readonly board: Board;
	readonly sensor: Sensor;
}

/** A weather station: publishes what its sensor says, obeys commands, and says what goes wrong. */
export class Station implements CommandTarget {
	readonly #parts: StationParts;
	readonly #topics: Topics;
	readonly #client: Client;
	readonly #diagnostics: Diagnostics;
	readonly #memory: IntervalMemory;
	readonly #started: Millis;
	#interval: Seconds;
	#timer: TimerHandle;
	#isOnline = false;
	#sensorFails = false;
	#isStopping = false;

	constructor(parts: StationParts) {
		const { settings, clientId, ports } = parts;
		this.#parts = parts;
		this.#topics = new Topics(clientId);
		this.#client = new Client(
			clientOptions(settings, clientId, this.#topics, (state) => this.#changed(state)),
			ports,
		);
		this.#diagnostics = new Diagnostics(this.#client, this.#topics.diagnostics, ports.log);
		this.#memory = new IntervalMemory(ports.store, ports.log);
		this.#interval = this.#memory.load() ?? settings.interval;
		this.#started = ports.clock.now();
	}

	start(): void {
		this.#parts.board.onShutdown((done) => this.#stop(done));
		this.#client.subscribe(
			this.#topics.commands,
			(message) => this.#command(message),
			{ qos: 1 },
			(error) => {
				if (error && error.code !== "ended") this.#diagnostics.report("commands-refused", { reason: error.message });
			},
		);
		this.#client.start();
	}

	setInterval(interval: Seconds): void {
		this.#interval = interval;
		this.#publishInterval();
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

	get #log(): Log {
		return this.#parts.ports.log;
	}

	#changed(state: ClientState): void {
		this.#log.write("info", state.kind, describeState(state));
		const wasOnline = this.#isOnline;
		this.#isOnline = state.kind === "online";
		if (this.#isOnline) this.#announce();
		// Once for each outage: further attempts that fail would only fill the outbox.
		else if (wasOnline && state.kind === "offline")
			this.#diagnostics.report("disconnected", describeReason(state.reason));
	}

	/** The birth, and all that is retained: the broker may be a new one. */
	#announce(): void {
		this.#client.publish(this.#topics.availability, "online", { qos: 1, retain: true });
		this.#publishInterval();
		this.#read();
	}

	#publishInterval(): void {
		this.#client.publish(this.#topics.interval, String(this.#interval), { qos: 1, retain: true });
	}

	/** Offline, nothing is read: a state that is retained has only one value that counts, and it is read on connecting. */
	#read(): void {
		this.#scheduleReading();
		if (!this.#isOnline || this.#isStopping) return;
		const state = this.#readState();
		if (state) this.#client.publish(this.#topics.state, state, { qos: 1, retain: true });
	}

	#scheduleReading(): void {
		const { clock } = this.#parts.ports;
		clock.clearTimer(this.#timer);
		this.#timer = clock.setTimer(() => this.#read(), this.#interval * 1_000);
	}

	#readState(): string | undefined {
		try {
			const { temperature, humidity } = this.#parts.sensor.read();
			this.#sensorFails = false;
			return JSON.stringify({ temperature: tenths(temperature), humidity: tenths(humidity), uptime: this.#uptime() });
		} catch (error) {
			if (!this.#sensorFails) this.#diagnostics.report("sensor-failed", { reason: String(error) });
			this.#sensorFails = true;
			return undefined;
		}
	}

	#uptime(): Seconds {
		return Math.floor((this.#parts.ports.clock.now() - this.#started) / 1_000);
	}

	#command(message: Message): void {
		const command = this.#topics.commandOf(message.topic);
		try {
			if (!command) throw new CommandError("there is no such command");
			obey(command, message, this);
		} catch (error) {
			if (!(error instanceof CommandError)) throw error;
			this.#diagnostics.report("command-refused", { topic: message.topic, reason: error.message });
		}
	}

	/** Says `offline`, which the will would say only if the connection broke, and disconnects. */
	#stop(done: () => void): void {
		if (this.#isStopping) return;
		this.#isStopping = true;
		this.#parts.ports.clock.clearTimer(this.#timer);
		if (this.#isOnline) this.#client.publish(this.#topics.availability, "offline", { qos: 1, retain: true });
		const drain = this.#isOnline ? FAREWELL_TIMEOUT : 0;
		this.#client.end({ drain }).then(done, done);
	}
}

function tenths(value: number): number {
	return Math.round(value * 10) / 10;
}
