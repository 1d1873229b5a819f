/** NaN is in no range. */
export function isWithin(value: unknown, least: number, most: number): value is number {
	return typeof value === "number" && value >= least && value <= most;
}

/** NaN for a text that is no number, or is blank. */
export function numberOf(text: string): number {
	return text.trim() === "" ? Number.NaN : Number(text);
}
