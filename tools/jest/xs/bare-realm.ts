/** What this engine has in its global scope and a device does not. */
const NOT_ON_THE_DEVICE = [
	"Base64",
	"Compartment",
	"ModuleSource",
	"TextDecoder",
	"TextEncoder",
	"currentMeterLimit",
	"gc",
	"global",
	"harden",
	"issueCommand",
	"performance",
	"resetMeter",
	"setImmediate",
];

declare const harden: <T>(root: T) => T;

/**
 * Turns the realm into what code that Moddable preloads sees: no platform name, and built-ins that cannot be changed.
 * So an assignment such as `this.name = "X"` in a subclass of Error fails here as it fails on the device.
 */
export function strip(): void {
	const freeze = harden;
	for (const name of NOT_ON_THE_DEVICE) Reflect.deleteProperty(globalThis, name);
	for (const name of Object.getOwnPropertyNames(globalThis)) {
		const value: unknown = Reflect.get(globalThis, name);
		if (value !== globalThis && isBuiltIn(value)) freeze(value);
	}
	freeze(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
	freeze(Object.getPrototypeOf(function* () {}));
	freeze(Object.getPrototypeOf(async () => {}));
	freeze(Object.getPrototypeOf(async function* () {}));
}

function isBuiltIn(value: unknown): boolean {
	return typeof value === "function" || (typeof value === "object" && value !== null);
}
