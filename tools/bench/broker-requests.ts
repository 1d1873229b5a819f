import { serve } from "./child.ts";

/** What the bench asks of a broker's process. */
export type BrokerRequest = "port" | "httpPort" | "memory" | "cpuTime";

/**
 * Answers for a broker that listens on `port`: its ports (0: none), its memory in bytes after a collection, the CPU time
 * of all its threads in seconds.
 */
export function serveBroker(port: number, httpPort = 0): void {
	const answers = { port: () => port, httpPort: () => httpPort, memory: residentMemory, cpuTime };
	serve<BrokerRequest, number>((request) => answers[request]());
}

function cpuTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000_000;
}

function residentMemory(): number {
	for (let i = 0; i < 3; i++) globalThis.gc?.();
	return process.memoryUsage.rss();
}
