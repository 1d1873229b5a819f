const SAMPLE = /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$/;

/** The text format of Prometheus, read back. Throws for a line that is not of the format. */
export class MetricsText {
	readonly text: string;
	readonly #samples = new Map<string, number>();
	readonly #types = new Map<string, string>();

	constructor(text: string) {
		this.text = text;
		for (const line of text.split("\n")) this.#read(line);
	}

	/** The names of all samples, with their labels. */
	get names(): readonly string[] {
		return [...this.#samples.keys()];
	}

	/** `name` as it stands in the text, with its labels. */
	value(name: string): number | undefined {
		return this.#samples.get(name);
	}

	type(metric: string): string | undefined {
		return this.#types.get(metric);
	}

	#read(line: string): void {
		if (line === "" || line.startsWith("# HELP ")) return;
		const [, metric, type] = /^# TYPE (\S+) (counter|gauge)$/.exec(line) ?? [];
		if (metric !== undefined && type !== undefined) {
			this.#types.set(metric, type);
			return;
		}
		const [, name, value] = SAMPLE.exec(line) ?? [];
		if (name === undefined || !this.#types.has(name.replace(/\{.*/, ""))) throw new Error(`not a sample: ${line}`);
		this.#samples.set(name, Number(value));
	}
}
