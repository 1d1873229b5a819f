import type { WiFiInterface } from "../platform.ts";

/** For platforms whose network is the system's business: it is there. */
export default class Wired implements WiFiInterface {
	readonly connection = 500;

	connect(): void {
		// It is connected.
	}

	close(): void {
		// It never calls back.
	}
}
