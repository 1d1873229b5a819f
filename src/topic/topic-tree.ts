import { type LevelNode, LevelTree } from "./level-tree.ts";

/** Values by topic name, found by topic filter: the index of retained messages. Names must be valid. */
export class TopicTree<T> extends LevelTree<T> {
	/** Calls `visit` for the value of every topic that the filter (valid, without `$share`) matches. */
	match(filter: string, visit: (value: T) => void): void {
		collect(this.root, filter.split("/"), 0, visit);
	}
}

function collect<T>(node: LevelNode<T>, levels: readonly string[], depth: number, visit: (value: T) => void): void {
	const level = levels[depth];
	if (level === undefined) {
		if (node.value !== undefined) visit(node.value);
		return;
	}
	if (level === "#") {
		if (node.value !== undefined) visit(node.value); // "a/#" matches "a" as well
		collectAll(node, depth === 0, visit);
		return;
	}
	if (level !== "+") {
		const child = node.children?.get(level);
		if (child !== undefined) collect(child, levels, depth + 1, visit);
		return;
	}
	for (const [name, child] of node.children ?? []) {
		if (depth === 0 && name.startsWith("$")) continue; // [MQTT-4.7.2-1]
		collect(child, levels, depth + 1, visit);
	}
}

function collectAll<T>(node: LevelNode<T>, atRoot: boolean, visit: (value: T) => void): void {
	for (const [name, child] of node.children ?? []) {
		if (atRoot && name.startsWith("$")) continue; // [MQTT-4.7.2-1]
		if (child.value !== undefined) visit(child.value);
		collectAll(child, false, visit);
	}
}
