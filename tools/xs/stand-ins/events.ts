type Listener = (...values: never[]) => void;

/** As much of Node's EventEmitter as `mqtt-packet` and its callers use. */
export class EventEmitter {
	#listeners: Map<string, Listener[]> = new Map();

	on(event: string, listener: Listener): this {
		this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
		return this;
	}

	removeListener(event: string, listener: Listener): this {
		const others = (this.#listeners.get(event) ?? []).filter((other) => other !== listener);
		this.#listeners.set(event, others);
		return this;
	}

	/** Calls the listeners in order. True when there was one; an "error" that nobody listens to is thrown. */
	emit(event: string, ...values: unknown[]): boolean {
		const listeners = this.#listeners.get(event) ?? [];
		if (listeners.length === 0 && event === "error") throw values[0];
		for (const listener of listeners) Reflect.apply(listener, this, values);
		return listeners.length > 0;
	}
}
