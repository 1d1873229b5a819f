/** Of an object besides its properties: a typed array, Map or Set has slots of the engine's own. */
const VIEW_SLOTS = 3;
const COLLECTION_SLOTS = 3;
const ENTRY_SLOTS = 2;

/**
 * Slots by the class that they belong to, of all objects that can be reached from `root` by properties: what has no class of
 * its own counts for the object that has it. Functions, and what they hold, cannot be looked into.
 */
export function slotsByClass(root: object, foreign: readonly object[]): ReadonlyMap<string, number> {
	const sums = new Map<string, number>();
	const seen = new Set<object>(foreign);
	const waiting: { readonly each: object; readonly owner: string }[] = [{ each: root, owner: "" }];
	for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
		const { each } = next;
		if (seen.has(each) || Object.isFrozen(each)) continue;
		seen.add(each);
		const owner = classOf(each) ?? next.owner;
		sums.set(owner, (sums.get(owner) ?? 0) + slotsOf(each));
		partsOf(each).forEach((part) => {
			if (typeof part === "object" && part !== null) waiting.push({ each: part, owner });
		});
	}
	return sums;
}

/** Undefined for what the language has by itself. */
function classOf(each: object): string | undefined {
	const name = each.constructor?.name ?? "Object";
	return name in globalThis ? undefined : name;
}

function partsOf(each: object): readonly unknown[] {
	if (each instanceof Map) return [...each.keys(), ...each.values()];
	if (each instanceof Set) return [...each];
	if (ArrayBuffer.isView(each)) return [each.buffer];
	return Object.getOwnPropertyNames(each).map((name): unknown => Reflect.get(each, name));
}

/** As XS 13 lays it out on 32 bits: one for the object, one for each property. */
function slotsOf(each: object): number {
	if (each instanceof Map || each instanceof Set) return 1 + COLLECTION_SLOTS + ENTRY_SLOTS * each.size;
	if (ArrayBuffer.isView(each) || each instanceof ArrayBuffer) return VIEW_SLOTS;
	return 1 + Object.getOwnPropertyNames(each).length;
}
