/** Levels that a topic name or filter may have: bounds the depth, and so the recursion, of the tries. */
export const MAX_LEVELS = 128;

/** What is wrong with a topic name (MQTT 5 section 4.7), or undefined if it may be published to. */
export function topicNameFault(name: string): string | undefined {
	if (name.length === 0) return "is empty";
	if (name.includes("+") || name.includes("#")) return "contains a wildcard"; // [MQTT-3.3.2-2]
	return textFault(name);
}

/** What is wrong with a topic filter (MQTT 5 sections 4.7 and 4.8.2), or undefined if it may be subscribed to. */
export function topicFilterFault(filter: string): string | undefined {
	if (filter.startsWith("$share/")) {
		const end = filter.indexOf("/", 7);
		const group = end < 0 ? filter.slice(7) : filter.slice(7, end);
		if (group.length === 0) return "has an empty share name"; // [MQTT-4.8.2-1]
		if (group.includes("+") || group.includes("#")) return "has a wildcard in its share name"; // [MQTT-4.8.2-2]
		if (end < 0 || end === filter.length - 1) return "has no topic filter after its share name";
		return topicFilterFault(filter.slice(end + 1));
	}
	if (filter.length === 0) return "is empty"; // [MQTT-4.7.3-1]
	const fault = textFault(filter);
	if (fault !== undefined) return fault;
	if (!filter.includes("+") && !filter.includes("#")) return undefined;
	const levels = filter.split("/");
	const last = levels.length - 1;
	// [MQTT-4.7.1-1], [MQTT-4.7.1-2]
	if (levels.some((level, at) => level.includes("#") && (level !== "#" || at < last))) return "has # before its end";
	if (levels.some((level) => level.includes("+") && level !== "+")) return "has + inside a level";
	return undefined;
}

function textFault(text: string): string | undefined {
	if (text.includes("\0")) return "contains U+0000"; // [MQTT-4.7.3-2]
	let levels = 1;
	for (let slash = text.indexOf("/"); slash >= 0; slash = text.indexOf("/", slash + 1)) levels++;
	return levels > MAX_LEVELS ? `has more than ${MAX_LEVELS} levels` : undefined;
}

/** A subscription's filter, taken apart. */
export interface ParsedFilter {
	/** The share name of `$share/NAME/FILTER`, or undefined for a subscription of one's own. */
	readonly group: string | undefined;
	/** The filter that topics are matched against. */
	readonly filter: string;
}

/** Takes `$share/NAME/FILTER` apart. Expects a filter without fault. */
export function parseFilter(filter: string): ParsedFilter {
	if (!filter.startsWith("$share/")) return { group: undefined, filter };
	const end = filter.indexOf("/", 7);
	return { group: filter.slice(7, end), filter: filter.slice(end + 1) };
}

/** Whether a valid filter (without `$share`) matches a valid topic name. Linear in their length. */
export function filterMatches(filter: string, name: string): boolean {
	// [MQTT-4.7.2-1] a leading wildcard does not match $ topics.
	if (name.startsWith("$") && !filter.startsWith("$")) return false;
	let f = 0;
	let n = 0;
	for (;;) {
		if (filter[f] === "#") return true;
		const fEnd = levelEnd(filter, f);
		const nEnd = levelEnd(name, n);
		const anyLevel = fEnd - f === 1 && filter[f] === "+";
		if (!anyLevel && (fEnd - f !== nEnd - n || !filter.startsWith(name.slice(n, nEnd), f))) return false;
		if (nEnd === name.length) return fEnd === filter.length || (filter[fEnd + 1] === "#" && fEnd + 2 === filter.length);
		if (fEnd === filter.length) return false;
		f = fEnd + 1;
		n = nEnd + 1;
	}
}

function levelEnd(text: string, start: number): number {
	const slash = text.indexOf("/", start);
	return slash < 0 ? text.length : slash;
}
