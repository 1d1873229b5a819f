import { Counter, Gauge, type Metric, Registry } from "prom-client";
import type { BrokerStats } from "../../../src/broker/index.ts";
import { isHealthy, type Vitals } from "./health.ts";
import type { HostCounters } from "./host-counters.ts";

/** What the metrics are made of. */
export interface MetricsSource {
	readonly version: string;
	readonly stats: Readonly<BrokerStats>;
	readonly counters: HostCounters;
	readonly vitals: () => Vitals;
}

type Figure = readonly [name: string, help: string, read: (stats: Readonly<BrokerStats>) => number];

const TOTALS: readonly Figure[] = [
	["connections_total", "Connections opened.", (stats) => stats.connectionsTotal],
	["connections_refused_total", "CONNECTs refused and connections turned away.", (stats) => stats.connectionsRefused],
	["connects_received_total", "CONNECT packets received.", (stats) => stats.connectsReceived],
	["sessions_expired_total", "Sessions whose expiry interval passed.", (stats) => stats.sessionsExpired],
	["received_bytes_total", "MQTT bytes received.", (stats) => stats.bytesReceived],
	["sent_bytes_total", "MQTT bytes sent.", (stats) => stats.bytesSent],
	["packets_received_total", "MQTT packets received.", (stats) => stats.packetsReceived],
	["packets_sent_total", "MQTT packets sent.", (stats) => stats.packetsSent],
	["publish_received_total", "PUBLISH packets received.", (stats) => stats.publishReceived],
	["publish_sent_total", "PUBLISH packets sent.", (stats) => stats.publishSent],
	["publish_received_bytes_total", "Payload bytes received.", (stats) => stats.publishBytesReceived],
	["publish_sent_bytes_total", "Payload bytes sent.", (stats) => stats.publishBytesSent],
	["publish_dropped_total", "Messages lost to a limit.", (stats) => stats.publishDropped],
	["publish_expired_total", "Messages whose expiry interval passed undelivered.", (stats) => stats.publishExpired],
	["publish_refused_total", "PUBLISH packets refused.", (stats) => stats.publishRefused],
	["wills_published_total", "Wills published.", (stats) => stats.willsPublished],
	["protocol_errors_total", "Violations of the protocol by peers.", (stats) => stats.protocolErrors],
];

const GAUGES: readonly Figure[] = [
	["connections", "Open connections, accepted or not.", (stats) => stats.connections],
	["clients_connected", "Clients connected.", (stats) => stats.clientsConnected],
	["sessions", "Sessions, connected or not.", (stats) => stats.sessions],
	["subscriptions", "Subscriptions, shared ones included.", (stats) => stats.subscriptions],
	["shared_subscriptions", "Shared subscriptions.", (stats) => stats.sharedSubscriptions],
	["retained_messages", "Retained messages.", (stats) => stats.retainedMessages],
	["retained_bytes", "Bytes of topics and payloads of retained messages.", (stats) => stats.retainedBytes],
	["queued_messages", "Messages that wait, counted for each client.", (stats) => stats.queuedMessages],
	["queued_bytes", "Bytes of the messages that wait, counted for each client.", (stats) => stats.queuedBytes],
	["inflight_messages", "QoS 1 and 2 messages sent and not acknowledged.", (stats) => stats.inflightMessages],
	["stored_messages", "Messages that the store keeps.", (stats) => stats.storedMessages],
	["stored_bytes", "Payload bytes that the store keeps.", (stats) => stats.storedBytes],
];

/** The hub's figures in the format of Prometheus. Their number does not grow with that of the clients. */
export class Metrics {
	readonly #registry = new Registry();

	constructor(source: MetricsSource) {
		const { stats } = source;
		for (const [name, help, read] of TOTALS) this.#counter(name, help, () => read(stats));
		for (const [name, help, read] of GAUGES) this.#gauge(name, help, () => read(stats));
		this.#gauge("healthy", "1: listeners are open and the store takes writes.", () =>
			Number(isHealthy(source.vitals())),
		);
		this.#gauge("listeners", "Open listeners.", () => source.vitals().listeners);
		this.#counterBy("limit", "limit_hits_total", "What limits dropped, refused or held back.", () => ({
			...stats.limitHits,
			connectionsPerAddress: source.counters.perAddress,
		}));
		this.#counterBy("listener", "listener_drops_total", "Connections closed before MQTT was spoken.", () =>
			Object.fromEntries(source.counters.dropsByListener),
		);
		const { counters } = source;
		this.#counterBy("bridge", "bridge_lost_total", "Messages that a bridge did not carry.", () =>
			Object.fromEntries(counters.lossesByBridge),
		);
		this.#counterBy("bridge", "bridge_shortened_total", "Messages carried without some user properties.", () =>
			Object.fromEntries(counters.shorteningsByBridge),
		);
		this.#info(source.version);
		this.#process();
	}

	get contentType(): string {
		return this.#registry.contentType;
	}

	text(): Promise<string> {
		return this.#registry.metrics();
	}

	#counter(name: string, help: string, read: () => number): void {
		this.#add(
			new Counter({
				name: `motehub_${name}`,
				help,
				registers: [],
				collect() {
					this.reset();
					this.inc(read());
				},
			}),
		);
	}

	#counterBy(label: string, name: string, help: string, read: () => Readonly<Record<string, number>>): void {
		this.#add(
			new Counter({
				name: `motehub_${name}`,
				help,
				labelNames: [label],
				registers: [],
				collect() {
					this.reset();
					for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
				},
			}),
		);
	}

	#gauge(name: string, help: string, read: () => number, prefix = "motehub_"): void {
		this.#add(
			new Gauge({
				name: `${prefix}${name}`,
				help,
				registers: [],
				collect() {
					this.set(read());
				},
			}),
		);
	}

	#info(version: string): void {
		const info = new Gauge({
			name: "motehub_info",
			help: "What runs.",
			labelNames: ["version", "node"],
			registers: [],
		});
		info.set({ version, node: process.version }, 1);
		this.#add(info);
	}

	/** By the names that Prometheus gives such figures in every program. */
	#process(): void {
		const start = (Date.now() - process.uptime() * 1_000) / 1_000;
		const add = (name: string, help: string, read: () => number) => this.#gauge(name, help, read, "process_");
		add("start_time_seconds", "Start of the process, since 1970.", () => start);
		add("resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
		add("cpu_seconds_total", "CPU time, of user and system.", () => {
			const { user, system } = process.cpuUsage();
			return (user + system) / 1e6;
		});
	}

	#add(metric: Metric): void {
		this.#registry.registerMetric(metric);
	}
}
