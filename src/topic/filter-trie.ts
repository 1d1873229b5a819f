import { type LevelNode, LevelTree } from "./level-tree.ts";

/**
 * Values by topic filter, found by topic name. At most one value per filter; callers that need several keep a
 * collection as the value. Filters must be valid and without `$share` (see `parseFilter`).
 */
export class FilterTrie<T> extends LevelTree<T> {
	/** Calls `visit` once for the value of every filter that matches the topic name (MQTT 5 section 4.7). */
	match(topic: string, visit: (value: T) => void): void {
		// [MQTT-4.7.2-1] a leading wildcard does not match $ topics.
		descend(this.root, topic.split("/"), 0, !topic.startsWith("$"), visit);
	}
}

// Recursion is as deep as the longest filter, which MAX_LEVELS bounds; the topic's own depth does not matter.
function descend<T>(
	node: LevelNode<T>,
	levels: readonly string[],
	depth: number,
	wildcards: boolean,
	visit: (value: T) => void,
): void {
	const children = node.children;
	if (children !== undefined && wildcards) {
		// "a/#" matches "a" as well: # stands for the parent and any number of levels below.
		const rest = children.get("#");
		if (rest?.value !== undefined) visit(rest.value);
	}
	if (depth === levels.length) {
		if (node.value !== undefined) visit(node.value);
		return;
	}
	if (children === undefined) return;
	const same = children.get(levels[depth] as string);
	if (same !== undefined) descend(same, levels, depth + 1, true, visit);
	if (!wildcards) return;
	const any = children.get("+");
	if (any !== undefined) descend(any, levels, depth + 1, true, visit);
}
