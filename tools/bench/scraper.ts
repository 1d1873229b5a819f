/** How often Prometheus would ask, if it were asked to ask often: milliseconds. */
const INTERVAL = 1_000;

/** Fetches a hub's metrics over and over, as Prometheus does. */
export class Scraper {
	readonly #url: string;
	readonly #timer: NodeJS.Timeout;
	#failure: Error | undefined;
	#scrapes = 0;

	constructor(httpPort: number) {
		this.#url = `http://127.0.0.1:${httpPort}/metrics`;
		this.#timer = setInterval(() => void this.#scrape(), INTERVAL);
	}

	/** One figure out of the text, as it is now. */
	async read(metric: string): Promise<number> {
		const text = await fetchText(this.#url);
		const [, value] = new RegExp(`^${metric} (\\S+)$`, "m").exec(text) ?? [];
		if (value === undefined) throw new Error(`${this.#url} has no ${metric}`);
		return Number(value);
	}

	/** How often the metrics were fetched. Throws if that failed once. */
	stop(): number {
		clearInterval(this.#timer);
		if (this.#failure !== undefined) throw this.#failure;
		return this.#scrapes;
	}

	async #scrape(): Promise<void> {
		try {
			await fetchText(this.#url);
			this.#scrapes++;
		} catch (error) {
			this.#failure ??= new Error("the metrics could not be fetched", { cause: error });
		}
	}
}

async function fetchText(url: string): Promise<string> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url} answered ${response.status}`);
	return response.text();
}
