import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ModdableSdk } from "../../moddable/sdk.ts";
import type { AcceptingBroker } from "./broker.ts";
import { buildProgram, type Subject } from "./program.ts";
import { smallest } from "./smallest.ts";
import { brokerFor, makeIdentity, SUBJECTS } from "./subjects.ts";

/** What a client needs on XS with slots of 16 bytes, as an ESP32 has them. All in bytes. */
export interface HeapUse {
	readonly subject: Subject;
	/** The smallest heap that does with the stack that is needed, which is in it. */
	readonly heap: number;
	/** The smallest heap that does with the stack that the SDK gives by default, 384 slots, or more if it must. */
	readonly heapByDefault: number;
	/** The smallest stack that does. */
	readonly stack: number;
	/** What stays of slots and chunks once all is sent. */
	readonly slots: number;
	readonly chunks: number;
}

const PAYLOAD = 16_384;
const SLOT_BYTES = 16;
const DEFAULT_STACK = 384;
/** More than any of them needs. */
const AMPLE = { heap: 98_304, stack: 1_024 } as const;
const HEAP_STEP = 64;
/** A run that has not published by then never will, in ms. */
const PATIENCE = 3_000;
/** For what comes after the last byte, in ms. */
const SETTLING = 100;
const REPORT = /^slots (\d+) chunks (\d+) stack (\d+) slot 16$/m;

/** Finds for each client the smallest heap on which it connects, subscribes and publishes 16 KB. Throws SdkMissing, ToolFailed. */
export async function measureHeaps(sdk: ModdableSdk): Promise<readonly HeapUse[]> {
	const identity = await makeIdentity();
	const uses: HeapUse[] = [];
	for (const subject of SUBJECTS) {
		const broker = brokerFor(subject, identity);
		try {
			const settings = { port: await broker.listen(), size: PAYLOAD, subscribes: true, ca: identity.ca };
			const program = await buildProgram(sdk, subject, settings);
			uses.push(await measure(subject, (heap, stack) => run(program, broker, heap, stack)));
		} finally {
			broker.close();
		}
	}
	return uses;
}

/**
 * Whether a client connects, subscribes and publishes 16 KB on a heap of so many bytes, with a stack of so many slots in it.
 * Throws SdkMissing, ToolFailed.
 */
export async function fits(sdk: ModdableSdk, subject: Subject, heap: number, stack: number): Promise<boolean> {
	const identity = await makeIdentity();
	const broker = brokerFor(subject, identity);
	try {
		const settings = { port: await broker.listen(), size: PAYLOAD, subscribes: true, ca: identity.ca };
		const program = await buildProgram(sdk, subject, settings);
		return (await run(program, broker, heap, stack)) !== undefined;
	} finally {
		broker.close();
	}
}

interface Run {
	readonly slots: number;
	readonly chunks: number;
	readonly stack: number;
}

type Attempt = (heap: number, stack: number) => Promise<Run | undefined>;

async function measure(subject: Subject, attempt: Attempt): Promise<HeapUse> {
	const ample = await attempt(AMPLE.heap, AMPLE.stack);
	if (ample === undefined) throw new Error(`${subject.client} over ${subject.transport}: nothing was published`);
	const passes = async (heap: number, slots: number) => (await attempt(heap, slots)) !== undefined;
	const slots = await smallest({ low: 0, high: AMPLE.stack, step: 1 }, (count) => passes(AMPLE.heap, count));
	const heapWith = (count: number) =>
		smallest({ low: 0, high: AMPLE.heap, step: HEAP_STEP }, (bytes) => passes(bytes, count));
	const heap = await heapWith(slots);
	const heapByDefault = await heapWith(Math.max(slots, DEFAULT_STACK));
	return { subject, heap, heapByDefault, ...ample, stack: slots * SLOT_BYTES };
}

/** Undefined: it did not publish, or did not live to tell. */
async function run(program: string, broker: AcceptingBroker, heap: number, stack: number): Promise<Run | undefined> {
	const child = spawn(program, [String(heap), String(stack)], { stdio: ["ignore", "pipe", "ignore"] });
	const end = (): boolean => child.kill("SIGTERM");
	let hasPublished = false;
	broker.onPublish = (length) => {
		hasPublished = length === PAYLOAD;
		setTimeout(end, SETTLING);
	};
	const timer = setTimeout(end, PATIENCE);
	let output = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
	const [code] = (await once(child, "close")) as [number | null];
	clearTimeout(timer);
	const [, slots, chunks, used] = REPORT.exec(output) ?? [];
	if (code !== 0 || !hasPublished || used === undefined) return undefined;
	return { slots: Number(slots), chunks: Number(chunks), stack: Number(used) };
}
