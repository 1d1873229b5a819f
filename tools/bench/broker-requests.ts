import { serve } from "./child.ts";

/** What the bench asks of a broker's process. */
export type BrokerRequest = "port" | "httpPort" | "memory";

/** Answers for a broker that listens on `port`: its ports (0: none), or its memory in bytes after a collection. */
export function serveBroker(port: number, httpPort = 0): void {
	const ports = { port, httpPort };
	serve<BrokerRequest, number>((request) => (request === "memory" ? residentMemory() : ports[request]));
}

function residentMemory(): number {
	for (let i = 0; i < 3; i++) globalThis.gc?.();
	return process.memoryUsage.rss();
}
