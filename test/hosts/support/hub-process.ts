import { fileURLToPath } from "node:url";
import { Command } from "./command.ts";

const MAIN = fileURLToPath(new URL("../../../dist/hosts/hub/main.js", import.meta.url));
const READY = /^motehub ready: mqtt:\/\/(.+):(\d+) ws:\/\/.+:(\d+)$/m;

/** The hub's program as its users start it, after `npm run build`, which `npm test` does first. */
export function hubCommand(...args: readonly string[]): Command {
	return new Command(process.execPath, [MAIN, ...args]);
}

/** The same with an environment, as a service manager starts it. */
export function hubCommandIn(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Command {
	return new Command(process.execPath, [MAIN, ...args], environment);
}

export interface HubProcess {
	readonly command: Command;
	readonly host: string;
	readonly port: number;
	readonly httpPort: number;
}

/** Starts the program on free ports with the data folder `data`, and waits until it is ready. */
export async function startHubProcess(data: string, ...args: readonly string[]): Promise<HubProcess> {
	return ready(hubCommand("--port", "0", "--http-port", "0", "--data", data, ...args));
}

/** Waits until a hub, however it was started, is ready. */
export async function ready(command: Command): Promise<HubProcess> {
	const [, host = "", port, httpPort] = await command.prints(READY);
	return { command, host, port: Number(port), httpPort: Number(httpPort) };
}
