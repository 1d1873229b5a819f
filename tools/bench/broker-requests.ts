import { serve } from "./child.ts";

/** What the bench asks of a broker's process. */
export type BrokerRequest = "port" | "memory";

/** Answers for a broker that listens on `port`: its port, or its memory in bytes after a collection. */
export function serveBroker(port: number): void {
	serve<BrokerRequest, number>((request) => (request === "port" ? port : residentMemory()));
}

function residentMemory(): number {
	for (let i = 0; i < 3; i++) globalThis.gc?.();
	return process.memoryUsage.rss();
}
