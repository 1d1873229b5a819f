import type { RequestListener } from "node:http";
import type { BrokerStats, LocalPublish } from "../../../src/broker/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";
import { now } from "../clock.ts";
import { answerPages } from "../http-page.ts";
import { packageVersion } from "../version.ts";
import type { Vitals } from "./health.ts";
import type { HostCounters } from "./host-counters.ts";
import { Metrics } from "./metrics.ts";
import { operationPages } from "./pages.ts";
import { SysTree } from "./sys-tree.ts";

/** Where and whether the hub's state is shown over HTTP. */
export interface HttpOptions {
	/** A port of its own for these pages; 0: any free one. Default: they are on the `ws` and `wss` listeners. */
	readonly port?: number;
	/** Of that port: a name or an address without brackets. Default `127.0.0.1`. */
	readonly host?: string;
	/** `/metrics`, for Prometheus. Default true. */
	readonly metrics?: boolean;
	/** `/health`. Default true. */
	readonly health?: boolean;
}

export interface OperationOptions {
	readonly stats: Readonly<BrokerStats>;
	readonly publish: (message: LocalPublish) => void;
	readonly counters: HostCounters;
	readonly http: HttpOptions;
	/** 0: no `$SYS`. */
	readonly sysInterval: Seconds;
}

/** What the hub tells about itself: `$SYS`, metrics and health. */
export class Operation {
	readonly counters: HostCounters;
	readonly metrics: Metrics;
	/** Answers HTTP requests on the WebSocket listeners. */
	readonly answerThere: RequestListener;
	/** Answers them on the port that is for this alone; undefined: there is none. */
	readonly answerHere: RequestListener | undefined;
	readonly #sysTree: SysTree;
	#sysInterval: Seconds;
	#timer: NodeJS.Timeout | undefined;
	#vitals: Vitals = { listeners: 0, storeTrouble: undefined };

	constructor({ stats, publish, counters, http, sysInterval }: OperationOptions) {
		this.counters = counters;
		const version = packageVersion();
		const vitals = () => this.#vitals;
		this.metrics = new Metrics({ version, stats, counters: this.counters, vitals });
		const pages = operationPages(http, this.metrics, vitals);
		this.answerHere = http.port === undefined ? undefined : answerPages(pages);
		this.answerThere = answerPages(http.port === undefined ? pages : {});
		this.#sysTree = new SysTree({ version, stats, heap: memoryInUse, publish }, now());
		this.#sysInterval = sysInterval;
	}

	/** The hub listens. */
	start(listeners: number): void {
		this.#vitals = { ...this.#vitals, listeners };
		this.#publishSys();
	}

	/** Publishes `$SYS` at another interval, or with 0 takes it away. */
	changeSysInterval(interval: Seconds): void {
		if (interval === this.#sysInterval) return;
		this.#sysInterval = interval;
		clearInterval(this.#timer);
		if (this.#vitals.listeners === 0) return;
		if (interval === 0) this.#sysTree.clear();
		else this.#publishSys();
	}

	#publishSys(): void {
		if (this.#sysInterval === 0) return;
		this.#sysTree.update(now());
		this.#timer = setInterval(() => this.#sysTree.update(now()), this.#sysInterval * 1_000);
	}

	/** The hub listens no more. */
	stop(): void {
		this.#vitals = { ...this.#vitals, listeners: 0 };
		clearInterval(this.#timer);
	}

	/** `trouble`: why the store takes no writes. */
	storeChanged(storeTrouble: string | undefined): void {
		this.#vitals = { ...this.#vitals, storeTrouble };
	}
}

function memoryInUse(): number {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}
