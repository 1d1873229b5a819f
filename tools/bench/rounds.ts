import { Child } from "./child.ts";
import type { LoadRequest } from "./load.ts";
import type { Effort, Workload } from "./workload.ts";

/** A broker as the load generator meets it. */
export interface Contender {
	readonly port: number;
	/** What clients give, each with its own user name; undefined: neither name nor password. */
	readonly password?: string;
}

/** Messages per second of one contender under one workload, a figure for each round. */
export type Rates = readonly number[];

/**
 * Measures each workload against each contender, in rounds: the contenders take turns, each round another one first, so
 * that whatever else the machine does meets them alike. By workload, then by contender.
 */
export async function measureRounds(
	contenders: readonly Contender[],
	workloads: readonly Workload[],
	effort: Effort,
): Promise<readonly (readonly Rates[])[]> {
	const rates = workloads.map(() => contenders.map((): number[] => []));
	for (let round = 0; round < effort.rounds; round++) {
		for (const [index, workload] of workloads.entries()) {
			for (let turn = 0; turn < contenders.length; turn++) {
				const which = (round + turn) % contenders.length;
				const contender = contenders[which];
				if (contender !== undefined) rates[index]?.[which]?.push(await run(contender, workload, effort));
			}
		}
	}
	return rates;
}

/** Messages per second. A generator of its own for each run, so that no run inherits another's sockets or heap. */
async function run(contender: Contender, workload: Workload, { warmUp, duration }: Effort): Promise<number> {
	const load = new Child<LoadRequest, number>("load");
	try {
		return await load.ask({ kind: "run", ...contender, workload, warmUp, duration });
	} finally {
		await load.stop();
	}
}

/** The value in the middle. */
export function median(values: Rates): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median of what each round makes of `a` in terms of `b`. */
export function ratio(a: Rates, b: Rates): number {
	return median(a.map((rate, round) => rate / (b[round] ?? Number.NaN)));
}
