import { serve } from "./child.ts";
import { type Entrance, MqttSocket } from "./mqtt-socket.ts";
import { Pair } from "./pair.ts";
import { IDLE_USER, type Workload } from "./workload.ts";

/** What the bench asks of the load generator. */
export type LoadRequest =
	| (Entrance & {
			readonly kind: "run";
			readonly workload: Workload;
			readonly warmUp: number;
			readonly duration: number;
	  })
	| (Entrance & { readonly kind: "idle"; readonly group: string; readonly connections: number });

/** Zeros once idle connections stand. */
export interface LoadAnswer {
	/** Messages delivered per second while they were counted. */
	readonly rate: number;
	/** Messages delivered in all. */
	readonly delivered: number;
}

serve<LoadRequest, LoadAnswer>((request) => (request.kind === "run" ? run(request) : holdIdle(request)));

async function run({ workload, warmUp, duration, ...broker }: LoadRequest & { kind: "run" }): Promise<LoadAnswer> {
	const pairs = await Promise.all(
		Array.from({ length: workload.pairs }, (_, index) => Pair.open(broker, index, workload)),
	);
	for (const pair of pairs) pair.publish();
	await pause(warmUp);
	const before = delivered(pairs);
	const start = performance.now();
	await pause(duration);
	const rate = (1_000 * (delivered(pairs) - before)) / (performance.now() - start);
	for (const pair of pairs) pair.close();
	return { rate, delivered: delivered(pairs) };
}

function delivered(pairs: readonly Pair[]): number {
	return pairs.reduce((sum, pair) => sum + pair.delivered, 0);
}

/** Opens connections with one subscription each; they stay open as long as this process. */
async function holdIdle({ port, password, group, connections }: LoadRequest & { kind: "idle" }): Promise<LoadAnswer> {
	const user = password === undefined ? undefined : { username: IDLE_USER, password };
	for (let index = 0; index < connections; index++) {
		const client = await MqttSocket.open({ port, clientId: `${group}-${index}`, user });
		await client.subscribe(`bench/${IDLE_USER}/${group}/${index}`, 0);
	}
	return { rate: 0, delivered: 0 };
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
