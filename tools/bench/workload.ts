/** What is measured: pairs of one publisher and one subscriber, each on a topic of its own. */
export interface Workload {
	readonly name: string;
	readonly pairs: number;
	readonly qos: 0 | 1;
	/** Bytes. */
	readonly payload: number;
	/** Messages per pair on their way at one time: a broker is driven as fast as it goes, and never beyond. */
	readonly window: number;
	/** Whether the subscribers' sessions are kept: then the broker has every message of QoS 1 in its store. */
	readonly isLasting?: boolean;
}

export const WORKLOADS: readonly Workload[] = [
	{ name: "QoS 0, 1 to 1", pairs: 1, qos: 0, payload: 64, window: 2_000 },
	{ name: "QoS 0, 10 to 10", pairs: 10, qos: 0, payload: 64, window: 500 },
	{ name: "QoS 1, 1 to 1", pairs: 1, qos: 1, payload: 64, window: 500 },
	{ name: "QoS 1, 10 to 10", pairs: 10, qos: 1, payload: 64, window: 200 },
];

/** Sessions are kept: a broker with a store has every message in it before it is acknowledged. */
export const DURABLE_WORKLOADS: readonly Workload[] = [
	{ name: "QoS 1, 1 to 1", pairs: 1, qos: 1, payload: 64, window: 500, isLasting: true },
	{ name: "QoS 1, 10 to 10", pairs: 10, qos: 1, payload: 64, window: 200, isLasting: true },
];

/** The user of the connections that do nothing. */
export const IDLE_USER = "idle";

/** How long and how often. */
export interface Effort {
	/** Measurements of each workload against each broker, in turns. */
	readonly rounds: number;
	/** Milliseconds before the counting starts. */
	readonly warmUp: number;
	/** Milliseconds of counting. */
	readonly duration: number;
	/** Idle connections whose memory is measured. */
	readonly idleConnections: number;
}

export const FULL: Effort = { rounds: 5, warmUp: 400, duration: 1_200, idleConnections: 4_000 };
/** For ratios: more rounds, each shorter, even out what else the machine does. */
export const MANY_ROUNDS: Effort = { ...FULL, rounds: 9, warmUp: 300, duration: 700 };
export const QUICK: Effort = { rounds: 1, warmUp: 50, duration: 100, idleConnections: 50 };
