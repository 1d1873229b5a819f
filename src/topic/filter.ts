/** Levels that a topic name or filter may have: bounds the depth, and so the recursion, of the tries. */
export const MAX_LEVELS = 128;
const SHARE = "$share/";

/** What is wrong with a topic name (MQTT 5 section 4.7), or undefined if it may be published to. */
export function topicNameFault(name: string): string | undefined {
	if (name.length === 0) return "is empty";
	if (hasWildcard(name)) return "contains a wildcard"; // [MQTT-3.3.2-2]
	return textFault(name);
}

/** What is wrong with a topic filter (MQTT 5 sections 4.7 and 4.8.2), or undefined if it may be subscribed to. */
export function topicFilterFault(whole: string): string | undefined {
	const { group, filter } = parseFilter(whole);
	if (group === "") return "has an empty share name"; // [MQTT-4.8.2-1]
	if (group !== undefined && hasWildcard(group)) return "has a wildcard in its share name"; // [MQTT-4.8.2-2]
	if (filter === "") return group === undefined ? "is empty" : "has no topic filter after its share name"; // [MQTT-4.7.3-1]
	return textFault(filter) ?? (hasWildcard(filter) ? wildcardFault(filter.split("/")) : undefined);
}

// [MQTT-4.7.1-1], [MQTT-4.7.1-2]
function wildcardFault(levels: readonly string[]): string | undefined {
	const last = levels.length - 1;
	if (levels.some((level, at) => level.includes("#") && (level !== "#" || at < last))) return "has # before its end";
	return levels.some((level) => level.includes("+") && level !== "+") ? "has + inside a level" : undefined;
}

/** Whether a filter stands for more than one topic. */
export function hasWildcard(filter: string): boolean {
	return filter.includes("+") || filter.includes("#");
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

/** Takes `$share/NAME/FILTER` apart; what is missing is empty. */
export function parseFilter(filter: string): ParsedFilter {
	if (!filter.startsWith(SHARE)) return { group: undefined, filter };
	const end = levelEnd(filter, SHARE.length);
	return { group: filter.slice(SHARE.length, end), filter: filter.slice(end + 1) };
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
