import type { UserProperties } from "./packets.ts";

/** Name, value, name, value… in the order in which a walk through the record meets them. */
export function pairsOf(byName: UserProperties): string[] {
	const pairs: string[] = [];
	// Not by flatMap, for which XS needs a slot of its stack for every element.
	Object.keys(byName).forEach((name) => {
		const values = byName[name] as string | readonly string[];
		if (typeof values === "string") pairs.push(name, values);
		else {
			values.forEach((value) => {
				pairs.push(name, value);
			});
		}
	});
	return pairs;
}
