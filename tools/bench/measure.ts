import { BROKERS, Broker, type BrokerName } from "./broker.ts";
import { Child } from "./child.ts";
import type { LoadRequest } from "./load.ts";
import type { Effort, Workload } from "./workload.ts";

/** One figure per broker. */
export type Figures = Readonly<Record<BrokerName, number>>;

/** Median of the messages per second of each workload, the brokers taking turns. */
export async function measureSpeed(workloads: readonly Workload[], effort: Effort): Promise<readonly Figures[]> {
	const brokers = { motehub: await Broker.start("motehub"), aedes: await Broker.start("aedes") };
	const rates = workloads.map(() => ({ motehub: [] as number[], aedes: [] as number[] }));
	for (let round = 0; round < effort.rounds; round++) {
		for (const [index, workload] of workloads.entries()) {
			for (const name of BROKERS) rates[index]?.[name].push(await run(brokers[name].port, workload, effort));
		}
	}
	await Promise.all(BROKERS.map((name) => brokers[name].stop()));
	return rates.map(({ motehub, aedes }) => ({ motehub: median(motehub), aedes: median(aedes) }));
}

/** Messages per second. A generator of its own for each run, so that no run inherits another's sockets or heap. */
export async function run(port: number, workload: Workload, { warmUp, duration }: Effort): Promise<number> {
	const load = new Child<LoadRequest, number>("load");
	try {
		return await load.ask({ kind: "run", port, workload, warmUp, duration });
	} finally {
		await load.stop();
	}
}

/** Bytes of resident memory per idle connection with one subscription. */
export async function measureMemory({ idleConnections }: Effort): Promise<Figures> {
	const motehub = await memoryOf("motehub", idleConnections);
	return { motehub, aedes: await memoryOf("aedes", idleConnections) };
}

async function memoryOf(name: BrokerName, connections: number): Promise<number> {
	const broker = await Broker.start(name);
	const load = new Child<LoadRequest, number>("load");
	try {
		// Loads the code and lets the heap grow to its working size before the first figure.
		await load.ask({ kind: "idle", port: broker.port, group: "first", connections: connections / 2 });
		const before = await broker.memory();
		await load.ask({ kind: "idle", port: broker.port, group: "idle", connections });
		return ((await broker.memory()) - before) / connections;
	} finally {
		await load.stop();
		await broker.stop();
	}
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
