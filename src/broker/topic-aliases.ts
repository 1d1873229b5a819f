/** Topic aliases that the broker sets towards one client (MQTT 5 section 3.3.2.3.4): first come, first served. */
export class TopicAliases {
	#maximum = 0;
	#aliases: Map<string, number> | undefined;

	/** How many aliases the client accepts, or the broker's own bound if that is lower. */
	allow(maximum: number): void {
		this.#maximum = maximum;
	}

	/** The alias of a topic, and whether the client knows it already; undefined: the topic goes without. */
	find(topic: string): { readonly alias: number; readonly isKnown: boolean } | undefined {
		if (this.#maximum === 0) return undefined;
		this.#aliases ??= new Map();
		const alias = this.#aliases.get(topic);
		if (alias !== undefined) return { alias, isKnown: true };
		return this.#aliases.size < this.#maximum ? { alias: this.#aliases.size + 1, isKnown: false } : undefined;
	}

	/** Notes that the topic was sent together with the alias that `find` gave. */
	learn(topic: string, alias: number): void {
		this.#aliases?.set(topic, alias);
	}
}
