import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

type ShutdownHandler = (done: () => void) => void;

const shutdown: { handler: ShutdownHandler } = { handler: (done) => done() };

/** The simulated board: the host shows what a person would see, and takes the power away. */
export default {
	identify(duration: number): void {
		call(CALL.IDENTIFY, duration);
	},

	/** Does not return: the host ends this machine, and starts a new one. */
	restart(): void {
		call(CALL.RESTART);
	},

	onShutdown(handler: ShutdownHandler): void {
		shutdown.handler = handler;
	},
};

onEvent(EVENT.SHUTDOWN, () => {
	shutdown.handler(() => {
		call(CALL.STOPPED);
	});
});
