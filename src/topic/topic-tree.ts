import { type LevelNode, LevelTree } from "./level-tree.ts";

/** Values by topic name, found by topic filter: the index of retained messages. Names must be valid. */
export class TopicTree<T> extends LevelTree<T> {
	/** Calls `visit` for the value of every topic that the filter (valid, without `$share`) matches. */
	match(filter: string, visit: (value: T) => void): void {
		// Level by level, not by recursion: the stack of a small machine does not hold as many levels as a topic may have.
		let nodes: readonly LevelNode<T>[] = [this.root];
		for (const [depth, level] of filter.split("/").entries()) {
			if (level === "#") {
				visitBelow(nodes, depth === 0, visit);
				return;
			}
			nodes = nodes.flatMap((node) =>
				level === "+" ? childrenOf(node, depth === 0) : (node.children?.get(level) ?? []),
			);
		}
		visitValues(nodes, visit);
	}
}

/** "a/#" matches "a" as well: the nodes themselves, then everything below them. */
function visitBelow<T>(top: readonly LevelNode<T>[], areRoots: boolean, visit: (value: T) => void): void {
	visitValues(top, visit);
	let nodes = top.flatMap((node) => childrenOf(node, areRoots));
	while (nodes.length > 0) {
		visitValues(nodes, visit);
		nodes = nodes.flatMap((node) => childrenOf(node, false));
	}
}

function visitValues<T>(nodes: readonly LevelNode<T>[], visit: (value: T) => void): void {
	for (const { value } of nodes) if (value !== undefined) visit(value);
}

/** The children that a wildcard matches: [MQTT-4.7.2-1] at the root, not those that begin with $. */
function childrenOf<T>(node: LevelNode<T>, isRoot: boolean): LevelNode<T>[] {
	if (node.children === undefined) return [];
	if (!isRoot) return [...node.children.values()];
	return [...node.children].flatMap(([level, child]) => (level.startsWith("$") ? [] : child));
}
