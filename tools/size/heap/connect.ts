import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ModdableSdk } from "../../moddable/sdk.ts";
import type { AcceptingBroker } from "./broker.ts";
import { buildProgram, type Subject } from "./program.ts";
import { brokerFor, makeIdentity, SUBJECTS } from "./subjects.ts";

/** How long it takes from the beginning of a connection until the broker has the first message, in ms. */
export interface ConnectTime {
	readonly subject: Subject;
	readonly median: number;
	readonly least: number;
	readonly most: number;
}

const ROUNDS = 15;
const PAYLOAD = 16;
/** Heap in bytes, and stack in slots: more than any of them needs. */
const AMPLE = ["98304", "1024"] as const;
/** In ms. */
const PATIENCE = 5_000;

interface Candidate {
	readonly subject: Subject;
	readonly broker: AcceptingBroker;
	readonly program: string;
	readonly times: number[];
}

/** Times each client on the SDK's simulator, in turns, so that all of them meet the same weather. Throws SdkMissing, ToolFailed. */
export async function measureConnecting(sdk: ModdableSdk): Promise<readonly ConnectTime[]> {
	const identity = await makeIdentity();
	const candidates: Candidate[] = [];
	for (const subject of SUBJECTS) {
		const broker = brokerFor(subject, identity);
		const settings = { port: await broker.listen(), size: PAYLOAD, subscribes: false, ca: identity.ca };
		candidates.push({ subject, broker, program: await buildProgram(sdk, subject, settings), times: [] });
	}
	for (let round = 0; round < ROUNDS; round++) {
		for (const { program, broker, times } of candidates) times.push(await timeOf(program, broker));
	}
	for (const { broker } of candidates) broker.close();
	return candidates.map(summary);
}

function summary({ subject, times }: Candidate): ConnectTime {
	const sorted = times.toSorted((a, b) => a - b);
	const at = (index: number): number => sorted[index] ?? 0;
	return { subject, median: at(sorted.length >> 1), least: at(0), most: at(sorted.length - 1) };
}

async function timeOf(program: string, broker: AcceptingBroker): Promise<number> {
	let start = 0;
	broker.onConnection = () => (start = performance.now());
	const end = new Promise<number>((resolve) => (broker.onPublish = () => resolve(performance.now())));
	const child = spawn(program, AMPLE, { stdio: "ignore" });
	const closed = once(child, "close").then(() => Number.NaN);
	const timer = setTimeout(() => child.kill("SIGTERM"), PATIENCE);
	const time = (await Promise.race([end, closed])) - start;
	clearTimeout(timer);
	child.kill("SIGTERM");
	await closed;
	if (Number.isNaN(time)) throw new Error(`${program}: nothing was published`);
	return time;
}
