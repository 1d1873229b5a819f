import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

type ShutdownHandler = (done: () => void) => void;

const shutdown: { handler: ShutdownHandler } = { handler: (done) => done() };

interface UpdateSession {
	write(bytes: Uint8Array): void;
	complete(): void;
	close(): void;
}

const session: UpdateSession = {
	write(bytes) {
		call(CALL.UPDATE_WRITE, bytes);
	},
	complete() {
		call(CALL.UPDATE_COMPLETE);
	},
	close() {
		call(CALL.UPDATE_CLOSE);
	},
};

const digests = { last: 0 };

/** Moddable's native SHA-256. */
class Digest {
	readonly #id = ++digests.last;

	constructor() {
		call(CALL.DIGEST_OPEN, this.#id);
	}

	write(bytes: Uint8Array): void {
		call(CALL.DIGEST_WRITE, this.#id, bytes);
	}

	close(): ArrayBuffer {
		return call(CALL.DIGEST_CLOSE, this.#id).bytes().slice().buffer;
	}
}

/** The simulated board: the host shows what a person would see, and takes the power away. */
export default {
	identify(duration: number): void {
		call(CALL.IDENTIFY, duration);
	},

	updates: {
		open(size: number): UpdateSession {
			call(CALL.UPDATE_OPEN, size);
			return session;
		},

		digest(): Digest {
			return new Digest();
		},

		confirm(): void {
			call(CALL.UPDATE_CONFIRM);
		},
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
