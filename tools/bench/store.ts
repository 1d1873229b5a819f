import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DurableStore } from "../../hosts/hub/index.ts";
import { Broker } from "./broker.ts";
import { figure, line } from "./report.ts";
import { measureRounds, medianRate, ratio } from "./rounds.ts";
import { fillStore, type StoreContents } from "./store-contents.ts";
import { DURABLE_WORKLOADS, type Effort } from "./workload.ts";

const MEGABYTE = 1_000_000;

/** Measures the durable store: how long a hub takes to start on it, what it costs a hub, and what the disk allows. */
export async function benchStore(effort: Effort, contents: StoreContents): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "motehub-bench-"));
	try {
		await reportStarts(folder, contents);
		await reportSpeed(join(folder, "speed"), effort);
		await reportCommits(join(folder, "commits"), effort);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function reportStarts(folder: string, contents: StoreContents): Promise<void> {
	const { retained, sessions, queued, payload } = contents;
	const full = join(folder, "full");
	await fillStore(full, contents);
	console.log(line("from the start to the first connection", ["seconds", "MB memory", "MB on disk"]));
	await reportStart("nothing stored", join(folder, "empty"));
	await reportStart("much stored", full);
	const sizes = [retained, sessions, queued, payload].map(figure);
	console.log(
		`much: ${sizes[0]} retained messages, ${sizes[1]} sessions with ${sizes[2]} messages each, ${sizes[3]} bytes\n`,
	);
}

async function reportStart(name: string, folder: string): Promise<void> {
	const start = performance.now();
	const broker = await Broker.start("durable", folder);
	const seconds = (performance.now() - start) / 1_000;
	const memory = (await broker.memory()) / MEGABYTE;
	await broker.stop();
	const disk = statSync(join(folder, "state.mdb")).size / MEGABYTE;
	console.log(line(name, [seconds.toFixed(2), figure(memory), figure(disk)]));
}

/** The hub with and without the store, taking turns. */
async function reportSpeed(folder: string, effort: Effort): Promise<void> {
	console.log(line("messages per second, 64-byte payload", ["on disk", "in memory", "ratio"]));
	const brokers = [await Broker.start("durable", folder), await Broker.start("motehub")];
	const contenders = brokers.map((broker) => ({ broker }));
	const runs = await measureRounds(contenders, DURABLE_WORKLOADS, effort);
	await Promise.all(brokers.map((broker) => broker.stop()));
	for (const [index, [onDisk = [], inMemory = []]] of runs.entries()) {
		const cells = [figure(medianRate(onDisk)), figure(medianRate(inMemory)), ratio(onDisk, inMemory).toFixed(2)];
		console.log(line(DURABLE_WORKLOADS[index]?.name ?? "", cells));
	}
}

/** Commits of one small row, one after the other: what the disk makes of a flush. */
async function reportCommits(folder: string, { duration }: Effort): Promise<void> {
	const store = await DurableStore.open(folder);
	const end = performance.now() + duration;
	let commits = 0;
	for (; performance.now() < end; commits++) {
		await store.commit([{ kind: "put", table: "message", key: [commits + 1], value: new Uint8Array(64) }]);
	}
	await store.close();
	console.log(`\n${line("commits per second, one after the other", [figure((1_000 * commits) / duration)])}`);
}
