/** A password on its way through the configuration: it prints as asterisks wherever it is written out by accident. */
export class Secret {
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	/** The secret itself, for the one place that needs it. */
	reveal(): string {
		return this.#text;
	}

	toString(): string {
		return MASK;
	}

	toJSON(): string {
		return MASK;
	}
}

/** What a secret looks like in the open. */
export const MASK = "********";
