import { Broker, type BrokerName } from "./broker.ts";
import { Child } from "./child.ts";
import type { LoadAnswer, LoadRequest } from "./load.ts";
import { measureRounds, medianRate } from "./rounds.ts";
import type { Effort, Workload } from "./workload.ts";

/** One figure per broker. */
export type Figures = Readonly<Record<BrokerName, number>>;

/** Median of the messages per second of each workload, the brokers taking turns. */
export async function measureSpeed(workloads: readonly Workload[], effort: Effort): Promise<readonly Figures[]> {
	const brokers = [await Broker.start("motehub"), await Broker.start("aedes")];
	const contenders = brokers.map((broker) => ({ broker }));
	const runs = await measureRounds(contenders, workloads, effort);
	await Promise.all(brokers.map((broker) => broker.stop()));
	return runs.map(([motehub = [], aedes = []]) => ({ motehub: medianRate(motehub), aedes: medianRate(aedes) }));
}

/** Bytes of resident memory per idle connection with one subscription. */
export async function measureMemory({ idleConnections }: Effort): Promise<Figures> {
	return {
		motehub: await memoryPerConnection(await Broker.start("motehub"), idleConnections),
		aedes: await memoryPerConnection(await Broker.start("aedes"), idleConnections),
	};
}

/** The same of one broker, which has no connections yet. Stops it. */
export async function memoryPerConnection(broker: Broker, connections: number, password?: string): Promise<number> {
	const load = new Child<LoadRequest, LoadAnswer>("load");
	const login = { kind: "idle", port: broker.port, password } as const;
	try {
		// Loads the code and lets the heap grow to its working size before the first figure.
		await load.ask({ ...login, group: "first", connections: connections / 2 });
		const before = await broker.memory();
		await load.ask({ ...login, group: "idle", connections });
		return ((await broker.memory()) - before) / connections;
	} finally {
		await load.stop();
		await broker.stop();
	}
}
