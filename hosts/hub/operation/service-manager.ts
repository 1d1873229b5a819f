import { spawn } from "node:child_process";
import type { Log, Millis } from "../../../src/ports/index.ts";
import { oneLine } from "../event-log.ts";

/** Sends assignments such as `READY=1`. */
export type Notify = (assignments: readonly string[]) => void;

/**
 * Tells systemd how the service is (sd_notify(3)): that it is ready, that it is alive as long as its event loop turns,
 * and that it stops. Without systemd it does nothing.
 */
export class ServiceManager {
	readonly #notify: Notify;
	/** Between two signs of life; undefined: nobody waits for them. */
	readonly #interval: Millis | undefined;
	#timer: NodeJS.Timeout | undefined;

	/** `environment` is what systemd gave the process. */
	constructor(environment: NodeJS.ProcessEnv, notify: Notify) {
		this.#notify = environment.NOTIFY_SOCKET === undefined ? () => undefined : notify;
		this.#interval = watchdogInterval(environment);
	}

	ready(status: string): void {
		this.#notify(["READY=1", `STATUS=${status}`]);
		if (this.#interval === undefined) return;
		this.#timer = setInterval(() => this.#notify(["WATCHDOG=1"]), this.#interval).unref();
	}

	stopping(): void {
		clearInterval(this.#timer);
		this.#notify(["STOPPING=1"]);
	}
}

/** Half of the time that systemd waits, as sd_watchdog_enabled(3) recommends. */
function watchdogInterval({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv): Millis | undefined {
	const microseconds = Number(WATCHDOG_USEC);
	if (!(microseconds > 0) || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid)) return undefined;
	return microseconds / 2_000;
}

/** Notifies through systemd's own program: Node has no datagram sockets of the family that is needed. */
export function systemdNotify(log: Log): Notify {
	return (assignments) => {
		const child = spawn("systemd-notify", [...assignments], { stdio: "ignore" });
		child.on("error", (error) => log.write("warn", `systemd cannot be notified: ${oneLine(error.message)}`));
	};
}
