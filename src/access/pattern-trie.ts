/** One level of the patterns that begin alike. */
interface Node {
	/** Of the patterns that end here. */
	rights: number;
	/** By level as it is written: a word, `+`, `#`, `%c` or `%u`. */
	readonly next: Map<string, Node>;
}

/** A topic, and whom it is judged for. Nothing is split: this is done for each message that no cache knows. */
interface Walk {
	readonly topic: string;
	readonly clientId: string;
	/** Undefined: an anonymous client, for whom no `%u` stands. */
	readonly username: string | undefined;
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
		const walk = { topic, clientId, username };
		if (!topic.startsWith("$")) return rightsAt(this.#root, walk, 0);
		// [MQTT-4.7.2-1] and a client cannot reach `$` topics by what it calls itself.
		const end = levelEnd(topic, 0);
		return rightsAt(this.#root.next.get(topic.slice(0, end)), walk, end + 1);
	}
}

function emptyNode(): Node {
	return { rights: 0, next: new Map() };
}

/**
 * The rights of what matches from the level on that begins at index `start`. A node stands for one beginning only, so none
 * is looked at twice.
 */
function rightsAt(node: Node | undefined, walk: Walk, start: number): number {
	if (node === undefined) return 0;
	const { topic, clientId, username } = walk;
	const { next } = node;
	const rights = next.get("#")?.rights ?? 0; // which takes in the level above it
	if (start > topic.length) return rights | node.rights;
	const end = levelEnd(topic, start);
	const level = topic.slice(start, end);
	return (
		rights |
		rightsAt(isWord(level) ? next.get(level) : undefined, walk, end + 1) |
		rightsAt(next.get("+"), walk, end + 1) |
		rightsAfter(clientId, next.get("%c"), walk, start) |
		rightsAfter(username, next.get("%u"), walk, start)
	);
}

/** The same where a name stands at this level, and on the following ones if it has slashes in it. */
function rightsAfter(name: string | undefined, node: Node | undefined, walk: Walk, start: number): number {
	if (name === undefined || node === undefined) return 0;
	const { topic } = walk;
	const end = start + name.length;
	const isThere = topic.startsWith(name, start) && (end === topic.length || topic[end] === "/");
	return isThere ? rightsAt(node, walk, end + 1) : 0;
}

/** The index after the level that begins at `start`. */
function levelEnd(topic: string, start: number): number {
	const slash = topic.indexOf("/", start);
	return slash === -1 ? topic.length : slash;
}

/** Whether a level of a topic means itself, and nothing in a pattern. */
function isWord(level: string): boolean {
	return level !== "%c" && level !== "%u";
}
