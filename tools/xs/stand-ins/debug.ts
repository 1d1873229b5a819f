/** Stands in for `debug`: every logger is silent. */
export default function debug(_namespace: string): () => void {
	return silent;
}

export function silent(): void {}
