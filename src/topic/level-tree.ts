/** One level of a tree. Children are made when first needed: most nodes are leaves. */
export interface LevelNode<T> {
	value: T | undefined;
	children: Map<string, LevelNode<T>> | undefined;
}

/** Values by slash-separated path: what topic names and topic filters have in common. */
export class LevelTree<T> {
	protected readonly root: LevelNode<T> = { value: undefined, children: undefined };
	#size = 0;
	#nodes = 0;

	/** How many paths have a value. */
	get size(): number {
		return this.#size;
	}

	/** How many levels the paths have together, each counted once: what the tree's memory goes by. */
	get nodes(): number {
		return this.#nodes;
	}

	get(path: string): T | undefined {
		let node: LevelNode<T> | undefined = this.root;
		for (const level of path.split("/")) {
			node = node.children?.get(level);
			if (node === undefined) return undefined;
		}
		return node.value;
	}

	/** Sets the path's value, replacing an earlier one. */
	set(path: string, value: T): void {
		let node = this.root;
		for (const level of path.split("/")) {
			node.children ??= new Map();
			let child = node.children.get(level);
			if (child === undefined) {
				child = { value: undefined, children: undefined };
				node.children.set(level, child);
				this.#nodes++;
			}
			node = child;
		}
		if (node.value === undefined) this.#size++;
		node.value = value;
	}

	/** Removes the path's value and the branch that only it needed. False: there was none. */
	delete(path: string): boolean {
		const levels = path.split("/");
		const ancestors: LevelNode<T>[] = [];
		let node: LevelNode<T> | undefined = this.root;
		for (const level of levels) {
			ancestors.push(node);
			node = node.children?.get(level);
			if (node === undefined) return false;
		}
		if (node.value === undefined) return false;
		node.value = undefined;
		this.#size--;
		while (node.value === undefined && node.children === undefined) {
			const parent = ancestors.pop();
			if (parent === undefined) break;
			if (parent.children?.delete(levels[ancestors.length] as string) === true) this.#nodes--;
			if (parent.children?.size === 0) parent.children = undefined;
			node = parent;
		}
		return true;
	}
}
