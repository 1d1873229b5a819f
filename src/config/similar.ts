/** The candidate that was probably meant, or undefined if none is near: at most one slip in three letters. */
export function mostSimilar(word: string, candidates: readonly string[]): string | undefined {
	const meant = normal(word);
	let best: string | undefined;
	let least = Math.floor(meant.length / 3) + 1;
	for (const candidate of candidates) {
		const slips = editDistance(meant, normal(candidate), least);
		if (slips < least) {
			least = slips;
			best = candidate;
		}
	}
	return best;
}

// clientId, client-id and Client_ID are all client_id to a person.
function normal(word: string): string {
	return word.toLowerCase().replaceAll("-", "").replaceAll("_", "");
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; `limit` if as many or more. */
function editDistance(a: string, b: string, limit: number): number {
	if (Math.abs(a.length - b.length) >= limit) return limit;
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1];
			let cost = Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, cell(last, j - 1) + (same ? 0 : 1));
			if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, cell(beforeLast, j - 2) + 1);
			row.push(cost);
		}
		beforeLast = last;
		last = row;
	}
	return Math.min(cell(last, b.length), limit);
}

function cell(row: readonly number[], index: number): number {
	return row[index] ?? Number.POSITIVE_INFINITY;
}
