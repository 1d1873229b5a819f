import type { Digests } from "./digests.ts";
import type { Flash } from "./flash.ts";
import type { MachineOwner } from "./machine.ts";
import type { Network } from "./network.ts";
import { ANSWER, CALL, type Field, message, type Reader } from "./stand-ins/wire.ts";
import type { Timers } from "./timers.ts";
import type { UpdatePartition } from "./update-partition.ts";
import type { WallClock } from "./wall-clock.ts";
import type { WiFi } from "./wifi.ts";

/** What the machine's calls work on. */
export interface Hardware {
	readonly config: Readonly<Record<string, unknown>>;
	/** Of 32 bits. */
	readonly seed: number;
	readonly flash: Flash;
	readonly timers: Timers;
	readonly network: Network;
	readonly wallClock: WallClock;
	readonly wifi: WiFi;
	readonly partition: UpdatePartition;
	readonly digests: Digests;
	readonly owner: MachineOwner;
	/** Ends the machine. */
	readonly abort: (reason: string) => void;
}

/** Carries out one call, and gives back what the answer holds. What it throws is thrown in the firmware. */
type Handler = (call: Reader, hardware: Hardware) => readonly Field[];

const NOTHING: readonly Field[] = [];

const HANDLERS: Readonly<Record<number, Handler>> = {
	[CALL.TRACE](call, { owner }) {
		owner.traced(call.text());
		return NOTHING;
	},
	[CALL.CONFIG](_call, { config }) {
		return [JSON.stringify(config)];
	},
	[CALL.SEED](_call, { seed }) {
		return [seed];
	},
	[CALL.TICKS](_call, { timers }) {
		return [timers.ticks];
	},
	[CALL.WALL_CLOCK](_call, { wallClock }) {
		return [String(wallClock.now)];
	},
	[CALL.SET_TIME](call, { wallClock }) {
		wallClock.set(call.number());
		return NOTHING;
	},
	[CALL.WIFI_CONNECTION](_call, { wifi }) {
		return [wifi.connection];
	},
	[CALL.WIFI_JOIN](_call, { wifi }) {
		wifi.join();
		return NOTHING;
	},
	[CALL.NET](call, { network }) {
		return [JSON.stringify(network.facts(call.text()))];
	},
	[CALL.TIMER_SET](call, { timers }) {
		timers.set(call.number(), call.number(), call.number());
		return NOTHING;
	},
	[CALL.TIMER_CLEAR](call, { timers }) {
		timers.clear(call.number());
		return NOTHING;
	},
	[CALL.TCP_OPEN](call, { network }) {
		network.openTcp(call.number(), call.number(), call.text());
		return NOTHING;
	},
	[CALL.TCP_WRITE](call, { network }) {
		return [network.tcp(call.number()).write(call.bytes())];
	},
	[CALL.TCP_READ](call, { network }) {
		return [network.tcp(call.number()).read(call.number())];
	},
	[CALL.TCP_CLOSE](call, { network }) {
		network.closeTcp(call.number());
		return NOTHING;
	},
	[CALL.UDP_SEND](call, { network }) {
		network.sendUdp(call.number(), call.number(), call.text(), call.bytes());
		return NOTHING;
	},
	[CALL.UDP_CLOSE](call, { network }) {
		network.closeUdp(call.number());
		return NOTHING;
	},
	[CALL.STORAGE_READ](call, { flash }) {
		const value = flash.read(call.text(), call.text());
		return value ? [1, value] : [0];
	},
	[CALL.STORAGE_WRITE](call, { flash }) {
		flash.write(call.text(), call.text(), call.bytes());
		return NOTHING;
	},
	[CALL.STORAGE_DELETE](call, { flash }) {
		flash.delete(call.text(), call.text());
		return NOTHING;
	},
	[CALL.STORAGE_KEYS](call, { flash }) {
		return [JSON.stringify(flash.keys(call.text()))];
	},
	[CALL.UPDATE_OPEN](call, { partition }) {
		partition.open(call.number());
		return NOTHING;
	},
	[CALL.UPDATE_WRITE](call, { partition }) {
		partition.write(call.bytes());
		return NOTHING;
	},
	[CALL.UPDATE_COMPLETE](_call, { partition }) {
		partition.complete();
		return NOTHING;
	},
	[CALL.UPDATE_CLOSE](_call, { partition }) {
		partition.close();
		return NOTHING;
	},
	[CALL.UPDATE_CONFIRM](_call, { partition }) {
		partition.confirm();
		return NOTHING;
	},
	[CALL.DIGEST_OPEN](call, { digests }) {
		digests.open(call.number());
		return NOTHING;
	},
	[CALL.DIGEST_WRITE](call, { digests }) {
		digests.write(call.number(), call.bytes());
		return NOTHING;
	},
	[CALL.DIGEST_CLOSE](call, { digests }) {
		return [digests.close(call.number())];
	},
	[CALL.IDENTIFY](call, { owner }) {
		owner.identified(call.number());
		return NOTHING;
	},
	[CALL.STOPPED](_call, { owner }) {
		owner.stopped();
		return NOTHING;
	},
	[CALL.UNHANDLED_REJECTION](call, { abort }) {
		abort(`unhandled rejection: ${call.text()}`);
		return NOTHING;
	},
};

/** The answer to a call, as bytes: its result, or the error to throw in the firmware. */
export function answerCall(call: Reader, hardware: Hardware): Uint8Array {
	try {
		const handler = HANDLERS[call.kind];
		if (!handler) throw new Error(`unknown call ${call.kind}`);
		return message(ANSWER.RESULT, ...handler(call, hardware));
	} catch (error) {
		return message(ANSWER.ERROR, (error as Error).message);
	}
}
