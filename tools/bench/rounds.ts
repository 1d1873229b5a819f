import type { Broker } from "./broker.ts";
import { Child } from "./child.ts";
import type { LoadAnswer, LoadRequest } from "./load.ts";
import type { Effort, Workload } from "./workload.ts";

/** A broker, and the password that its clients need. */
export interface Contender {
	readonly broker: Broker;
	readonly password?: string;
}

/** What one contender did in one round. */
interface Run {
	/** Messages delivered per second. */
	readonly rate: number;
	/** Messages delivered per second of the broker's CPU time. */
	readonly perCpuSecond: number;
}

/** One contender under one workload, round by round. */
export type Runs = readonly Run[];

/**
 * Measures each workload against each contender, in rounds: the contenders take turns, each round another one first, so
 * that whatever else the machine does meets them alike. By workload, then by contender.
 */
export async function measureRounds(
	contenders: readonly Contender[],
	workloads: readonly Workload[],
	effort: Effort,
): Promise<readonly (readonly Runs[])[]> {
	const runs = workloads.map(() => contenders.map((): Run[] => []));
	for (let round = 0; round < effort.rounds; round++) {
		for (const [index, workload] of workloads.entries()) {
			for (let turn = 0; turn < contenders.length; turn++) {
				const which = (round + turn) % contenders.length;
				const contender = contenders[which];
				if (contender !== undefined) runs[index]?.[which]?.push(await run(contender, workload, effort));
			}
		}
	}
	return runs;
}

/** A generator of its own for each run, so that no run inherits another's sockets or heap. */
async function run({ broker, password }: Contender, workload: Workload, effort: Effort): Promise<Run> {
	const load = new Child<LoadRequest, LoadAnswer>("load");
	const { warmUp, duration } = effort;
	try {
		const before = await broker.cpuTime();
		const { rate, delivered } = await load.ask({
			kind: "run",
			port: broker.port,
			password,
			workload,
			warmUp,
			duration,
		});
		return { rate, perCpuSecond: delivered / ((await broker.cpuTime()) - before) };
	} finally {
		await load.stop();
	}
}

/** The messages per second in the middle. */
export function medianRate(runs: Runs): number {
	return median(runs.map(({ rate }) => rate));
}

/** The median of what each round makes of the rate of `a` in terms of that of `b`. */
export function ratio(a: Runs, b: Runs): number {
	return median(a.map(({ rate }, round) => rate / (b[round]?.rate ?? Number.NaN)));
}

/** The same of what the brokers make of their CPU time. */
export function cpuRatio(a: Runs, b: Runs): number {
	return median(a.map(({ perCpuSecond }, round) => perCpuSecond / (b[round]?.perCpuSecond ?? Number.NaN)));
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
