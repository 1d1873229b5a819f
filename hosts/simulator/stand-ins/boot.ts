import main from "main";
import { dispatch, onEvent } from "./events.ts";
import { call } from "./host.ts";
import { seededRandom } from "./seeded-random.ts";
import { CALL, EVENT } from "./wire.ts";

/** What the engine has besides the language: firmware that used it would fail on a device. */
const NOT_ON_DEVICES = [
	"Base64",
	"Compartment",
	"ModuleSource",
	"TextDecoder",
	"TextEncoder",
	"currentMeterLimit",
	"gc",
	"harden",
	"issueCommand",
	"performance",
	"print",
	"resetMeter",
	"setImmediate",
];

const collect = gc;
const freeze = harden;

/** Makes the realm like a device's: the same globals, and built-in objects frozen, as preload leaves them. */
function becomeDevice(): void {
	// The engine's own gives the same numbers in every process.
	Math.random = seededRandom(call(CALL.SEED).number());
	Date.now = () => Number(call(CALL.WALL_CLOCK).text());
	for (const name of NOT_ON_DEVICES) Reflect.deleteProperty(globalThis, name);
	for (const name of Object.getOwnPropertyNames(globalThis)) {
		const value: unknown = Reflect.get(globalThis, name);
		if (typeof value === "function" || name === "Math" || name === "JSON" || name === "Reflect") freeze(value);
	}
}

globalThis.trace = (text) => {
	call(CALL.TRACE, text);
};

// The engine goes on after an unhandled rejection, and only reports it; devices stop.
globalThis.console = {
	error(...values) {
		call(CALL.UNHANDLED_REJECTION, String(values.at(-1)));
	},
};

globalThis.handleCommand = dispatch;

onEvent(EVENT.BOOT, () => {
	becomeDevice();
	main?.();
});

onEvent(EVENT.COLLECT, () => collect());
