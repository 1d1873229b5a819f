import type { BrokerStats, LocalPublish } from "../../../src/broker/index.ts";
import type { Millis } from "../../../src/ports/index.ts";
import { LOAD_MINUTES, LoadAverage } from "./load-average.ts";
import { LOAD_TOPICS, SYS_TOPICS, type SysFacts } from "./sys-topics.ts";

export interface SysTreeSource {
	readonly version: string;
	readonly stats: Readonly<BrokerStats>;
	/** Bytes of memory in use. */
	readonly heap: () => number;
	readonly publish: (message: LocalPublish) => void;
}

/** Publishes `$SYS/broker/…`: retained, at QoS 0, and only what has changed. */
export class SysTree {
	readonly #source: SysTreeSource;
	readonly #startedAt: Millis;
	readonly #loads = Object.entries(LOAD_TOPICS).map(([name, read]) => ({ name, read, average: new LoadAverage() }));
	readonly #published = new Map<string, string>();
	#updatedAt: Millis;
	#heapMaximum = 0;

	constructor(source: SysTreeSource, now: Millis) {
		this.#source = source;
		this.#startedAt = now;
		this.#updatedAt = now;
	}

	update(now: Millis): void {
		const facts = this.#facts(now);
		const span = now - this.#updatedAt;
		this.#updatedAt = now;
		for (const [topic, read] of Object.entries(SYS_TOPICS)) this.#tell(topic, String(read(facts)));
		for (const { name, read, average } of this.#loads) {
			if (span > 0) average.update(read(facts), span);
			for (const [i, minutes] of LOAD_MINUTES.entries()) {
				this.#tell(`load/${name}/${minutes}min`, (average.rates[i] ?? 0).toFixed(2));
			}
		}
	}

	/** Takes all of it away: values that change no more tell nothing. */
	clear(): void {
		for (const topic of this.#published.keys()) this.#publish(topic, "");
		this.#published.clear();
	}

	#facts(now: Millis): SysFacts {
		const { version, stats } = this.#source;
		const heap = this.#source.heap();
		this.#heapMaximum = Math.max(this.#heapMaximum, heap);
		return { version, stats, uptime: (now - this.#startedAt) / 1_000, heap, heapMaximum: this.#heapMaximum };
	}

	#tell(topic: string, text: string): void {
		if (this.#published.get(topic) === text) return;
		this.#published.set(topic, text);
		this.#publish(topic, text);
	}

	#publish(topic: string, text: string): void {
		this.#source.publish({ topic: `$SYS/broker/${topic}`, payload: Buffer.from(text), retain: true });
	}
}
