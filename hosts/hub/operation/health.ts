/** What tells whether the hub can do its work. */
export interface Vitals {
	/** How many listeners are open. */
	readonly listeners: number;
	/** Why the store takes no writes; undefined: it does. */
	readonly storeTrouble: string | undefined;
}

/** Whether clients can come in, and what they publish is kept. */
export function isHealthy({ listeners, storeTrouble }: Vitals): boolean {
	return listeners > 0 && storeTrouble === undefined;
}
