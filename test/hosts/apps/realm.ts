const NAMES = [
	"setTimeout",
	"TextEncoder",
	"TextDecoder",
	"Buffer",
	"URL",
	"process",
	"print",
	"issueCommand",
	"performance",
];

/** What there is, and what can be changed. */
export default function main(): void {
	const present = NAMES.filter((name) => Reflect.has(globalThis, name));
	trace(`present: ${present.join(" ")}\n`);
	trace(`set name: ${attempt(() => Object.assign(new RangeError("x"), { name: "Mine" }))}\n`);
	trace(`prototypes: ${attempt(() => Object.assign(Array.prototype, { last: 1 }))}\n`);
	trace(`random: ${Math.random()} ${Math.random()}\n`);
	trace("half a line");
	trace(", the other half\n");
}

function attempt(action: () => void): string {
	try {
		action();
		return "worked";
	} catch (error) {
		return String(error);
	}
}
