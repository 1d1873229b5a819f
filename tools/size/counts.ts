import { fileURLToPath } from "node:url";
import { XsWorker } from "../../hosts/simulator/xs-worker.ts";
import { scriptForXs } from "../xs/bundle.ts";
import { modulesByClass } from "./classes.ts";
import { CENSUS, OPERATIONS, type Operation } from "./xs/operations.ts";

/** Times that an operation is done before it is counted, and while it is. */
const WARM_UP = 20;
const TIMES = 500;

/** Bytecodes that one message costs on XS. */
export interface Counts {
	/** Ours, through the whole client: from the socket to the handler, from the call to the socket or the PUBACK. */
	readonly receive: number;
	readonly publishQos0: number;
	readonly publishQos1: number;
	/** Of that, our codec. */
	readonly decode: number;
	readonly encode: number;
	/** mqtt-packet, which is a codec only. */
	readonly parse: number;
	readonly generateQos0: number;
	readonly generateQos1: number;
	/** Records that one QoS 1 message writes to flash with `persist`: as it is, and with a `persistDelay` that its PUBACK beats. */
	readonly writesQos1: number;
	readonly writesQos1Late: number;
	/** Of 500 retained messages that arrive together, at QoS 1 on topics of their own: bytecodes of a turn, and how many it takes. */
	readonly turn: number;
	readonly turnMessages: number;
	/** Slots on the heap that a connected client with three subscriptions holds. */
	readonly clientSlots: number;
	/** Those of them that belong to objects, by the module of their class, the most first. The others are closures'. */
	readonly slotsByModule: Readonly<Record<string, number>>;
}

/** Counts in an engine of its own. Throws `XsEngineMissing`. */
export async function count(): Promise<Counts> {
	const engine = new Engine();
	try {
		await engine.load(await scriptForXs(fileURLToPath(new URL("./xs/measure", import.meta.url))));
		const clientSlots = await engine.slotsOf("connect");
		const slotsByModule = await engine.census();
		const per = (operation: Operation) => engine.bytecodesOf(operation);
		return {
			clientSlots,
			slotsByModule,
			receive: await per("receive"),
			publishQos0: await per("publishQos0"),
			publishQos1: await per("publishQos1"),
			writesQos1: await engine.writesOf("keepQos1"),
			writesQos1Late: await engine.writesOf("keepQos1Late"),
			...(await engine.turn()),
			decode: await per("decode"),
			encode: await per("encode"),
			parse: await per("parse"),
			generateQos0: await per("generateQos0"),
			generateQos1: await per("generateQos1"),
		};
	} finally {
		await engine.close();
	}
}

interface Measurement {
	readonly compute: number;
	readonly slots: number;
	/** Messages that reached their end since the start. */
	readonly arrived: number;
}

/** Operations whose messages are counted at their end. */
const COUNTED: readonly Operation[] = ["receive", "publishQos1", "decode", "parse"];

class Engine {
	readonly #worker = new XsWorker({ name: "size" });

	async load(script: string): Promise<void> {
		await this.#worker.evaluate(script);
	}

	close(): Promise<void> {
		return this.#worker.close();
	}

	/** Slots that are still there after the operation and a garbage collection. */
	async slotsOf(operation: Operation): Promise<number> {
		const before = await this.#settled();
		await this.#run(operation, 1);
		return (await this.#settled()) - before;
	}

	async census(): Promise<Readonly<Record<string, number>>> {
		const { bytes } = await this.#worker.command(new Uint8Array(Uint16Array.of(CENSUS, 0).buffer));
		const slots = Object.entries(JSON.parse(Buffer.from(bytes).toString()) as Record<string, number>);
		const modules = modulesByClass();
		const named = slots.map(([name, count]) => [modules.get(name) ?? name, count] as const);
		return Object.fromEntries(named.sort(([, a], [, b]) => b - a));
	}

	/** Of one time, without what the loop and the call cost. */
	async bytecodesOf(operation: Operation): Promise<number> {
		const start = await this.#run(operation, WARM_UP);
		const nothing = await this.#run("nothing", TIMES);
		const all = await this.#run(operation, TIMES);
		if (COUNTED.includes(operation) && all.arrived - start.arrived !== TIMES) {
			throw new Error(`${operation}: ${all.arrived - start.arrived} of ${TIMES} messages arrived`);
		}
		return Math.round((all.compute - nothing.compute) / TIMES);
	}

	/** The longest turn of the event loop that a burst makes. */
	async turn(): Promise<Pick<Counts, "turn" | "turnMessages">> {
		const before = await this.#run("subscribeToMany", 1);
		const nothing = await this.#run("nothing", 1);
		const turn = await this.#run("turn", 1);
		return { turn: turn.compute - nothing.compute, turnMessages: turn.arrived - before.arrived };
	}

	/** Records written to the Store by one time. */
	async writesOf(operation: Operation): Promise<number> {
		const start = await this.#run(operation, WARM_UP);
		return ((await this.#run(operation, TIMES)).arrived - start.arrived) / TIMES;
	}

	/** The second collection takes what the first one's own call left behind. */
	async #settled(): Promise<number> {
		await this.#run("collect", 1);
		return (await this.#run("collect", 1)).slots;
	}

	async #run(operation: Operation, times: number): Promise<Measurement> {
		const request = Uint16Array.of(OPERATIONS.indexOf(operation), times);
		const { bytes, compute, currentHeapCount } = await this.#worker.command(new Uint8Array(request.buffer));
		const arrived = new Uint32Array(Uint8Array.from(bytes).buffer).reduce((sum, each) => sum + each, 0);
		return { compute, slots: currentHeapCount, arrived };
	}
}
