import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePublish } from "../../src/codec/index.ts";
import { Broker } from "./broker.ts";
import { writeGuardedHome } from "./guarded-home.ts";
import { memoryPerConnection } from "./measure.ts";
import { MqttSocket } from "./mqtt-socket.ts";
import { pairName } from "./pair.ts";
import { figure, line } from "./report.ts";
import { type Contender, cpuRatio, measureRounds, medianRate, type Runs, ratio } from "./rounds.ts";
import { Scraper } from "./scraper.ts";
import { DURABLE_WORKLOADS, type Effort, WORKLOADS, type Workload } from "./workload.ts";

const COLUMNS = ["plain", "full", "aedes", "full/plain", "full/aedes"];
/** What the load generator speaks: 3.1.1. */
const VERSION = 4;

/**
 * Measures what a home's operation costs the hub: passwords, rights, metrics, limits and the store, against the hub
 * without them and Aedes in the same rounds.
 */
export async function benchOperation(effort: Effort): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "motehub-bench-"));
	try {
		const workloads = [...WORKLOADS, ...DURABLE_WORKLOADS.map(durable)];
		const home = await writeGuardedHome(folder, workloads);
		const startFull = () => Broker.start("configured", home.file);
		console.log(
			"plain: the hub as it is. full: with a password file, an ACL file, $SYS, metrics, limits and the store.\n",
		);
		await reportSpeed(workloads, await startFull(), home.password, effort);
		await reportMemory(await startFull(), home.password, effort);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function durable(workload: Workload): Workload {
	return { ...workload, name: `${workload.name}, sessions kept` };
}

async function reportSpeed(
	workloads: readonly Workload[],
	full: Broker,
	password: string,
	effort: Effort,
): Promise<void> {
	const [plain, aedes] = [await Broker.start("motehub"), await Broker.start("aedes")];
	const guarded = { broker: full, password };
	const scraper = new Scraper(await full.httpPort());
	await assertGuarded(guarded, scraper);
	console.log(line("messages per second, 64-byte payload", [...COLUMNS, "by CPU"]));
	const runs = await measureRounds([{ broker: plain }, guarded, { broker: aedes }], workloads, effort);
	const scrapes = scraper.stop();
	await Promise.all([plain, full, aedes].map((broker) => broker.stop()));
	for (const [index, workload] of workloads.entries()) console.log(rowOf(workload.name, runs[index] ?? []));
	console.log(
		"by CPU: full/plain of the messages in a second of the hub's own CPU time, whatever else the machine does.",
	);
	console.log(
		`Ratios are the medians of ${effort.rounds} rounds' ratios. Metrics were scraped ${scrapes} times meanwhile.\n`,
	);
}

function rowOf(name: string, [plain = [], full = [], aedes = []]: readonly Runs[]): string {
	const figures = [plain, full, aedes].map((runs) => figure(medianRate(runs)));
	const ratios = [ratio(full, plain), ratio(full, aedes), cpuRatio(full, plain)].map((each) => each.toFixed(2));
	return line(name, [...figures, ...ratios]);
}

async function reportMemory(full: Broker, password: string, { idleConnections }: Effort): Promise<void> {
	console.log(line("bytes of resident memory", COLUMNS));
	const guarded = await memoryPerConnection(full, idleConnections, password);
	const plain = await memoryPerConnection(await Broker.start("motehub"), idleConnections);
	const aedes = await memoryPerConnection(await Broker.start("aedes"), idleConnections);
	const ratios = [guarded / plain, guarded / aedes].map((each) => each.toFixed(2));
	const figures = [plain, guarded, aedes].map(figure);
	console.log(line("per idle connection, one subscription", [...figures, ...ratios]));
}

/** What is measured must be on: a wrong password is refused, and so is a message to somebody else's topic. */
async function assertGuarded({ broker, password = "" }: Contender, scraper: Scraper): Promise<void> {
	const user = { username: pairName(0), password };
	const login = { port: broker.port, clientId: "intruder", user };
	const impostor = MqttSocket.open({ ...login, user: { ...user, password: `not ${password}` } });
	const isLetIn = await impostor.then(
		() => true,
		() => false,
	);
	if (isLetIn) throw new Error("the hub lets a wrong password in");
	const client = await MqttSocket.open(login);
	const header = { topic: `bench/${pairName(1)}`, qos: 1, retain: false, dup: false, messageId: 1 } as const;
	client.send(encodePublish({ ...header, properties: undefined }, new Uint8Array(1), VERSION));
	await client.request({ cmd: "pingreq" }, "pingresp");
	client.close();
	if ((await scraper.read("motehub_publish_refused_total")) !== 1) {
		throw new Error("the hub takes a message that its ACL forbids");
	}
}
