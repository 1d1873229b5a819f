/** One level of the patterns that begin alike. */
interface Node {
	/** Of the patterns that end here. */
	rights: number;
	/** By level as it is written: a word, `+`, `#`, `%c` or `%u`. */
	readonly next: Map<string, Node>;
}

/** Whom a topic is judged for, and where in its levels. */
interface Walk {
	readonly topic: readonly string[];
	readonly clientId: readonly string[];
	/** Undefined: an anonymous client, for whom no `%u` stands. */
	readonly username: readonly string[] | undefined;
}

/**
 * Patterns with `%c` and `%u`, each with rights. The names are looked for in the topic and never put into the patterns,
 * so a client costs nothing until it asks. What a pattern begins with decides about `$` topics, as if no name were in it.
 */
export class PatternTrie {
	readonly #root = emptyNode();

	/** Adds rights to those that the pattern has, which must be a valid filter without `$share`. */
	add(pattern: string, rights: number): void {
		let node = this.#root;
		for (const level of pattern.split("/")) {
			let next = node.next.get(level);
			if (next === undefined) {
				next = emptyNode();
				node.next.set(level, next);
			}
			node = next;
		}
		node.rights |= rights;
	}

	/** The rights of all patterns that match the topic for this client, together. */
	of(topic: string, clientId: string, username: string | undefined): number {
		if (this.#root.next.size === 0) return 0;
		const walk = { topic: topic.split("/"), clientId: clientId.split("/"), username: username?.split("/") };
		// [MQTT-4.7.2-1] and a client cannot reach `$` topics by what it calls itself.
		if (topic.startsWith("$")) return rightsAt(this.#root.next.get(walk.topic[0] ?? ""), walk, 1);
		return rightsAt(this.#root, walk, 0);
	}
}

function emptyNode(): Node {
	return { rights: 0, next: new Map() };
}

/** The rights of what matches from level `at` on. A node stands for one beginning only, so none is looked at twice. */
function rightsAt(node: Node | undefined, walk: Walk, at: number): number {
	if (node === undefined) return 0;
	const rights = node.next.get("#")?.rights ?? 0; // which takes in the level above it
	const level = walk.topic[at];
	if (level === undefined) return rights | node.rights;
	return (
		rights |
		rightsAt(isWord(level) ? node.next.get(level) : undefined, walk, at + 1) |
		rightsAt(node.next.get("+"), walk, at + 1) |
		rightsAfter(walk.clientId, node.next.get("%c"), walk, at) |
		rightsAfter(walk.username, node.next.get("%u"), walk, at)
	);
}

/** The same where a name stands at this level, and on the following ones if it has slashes in it. */
function rightsAfter(name: readonly string[] | undefined, node: Node | undefined, walk: Walk, at: number): number {
	if (name === undefined || node === undefined) return 0;
	const isThere = name.every((level, index) => walk.topic[at + index] === level);
	return isThere ? rightsAt(node, walk, at + name.length) : 0;
}

/** Whether a level of a topic means itself, and nothing in a pattern. */
function isWord(level: string): boolean {
	return level !== "%c" && level !== "%u";
}
