/** The smallest number in `low` < n <= `high`, in steps, that passes; `high` must. What passes, passes with more. */
export async function smallest(
	{ low, high, step }: { readonly low: number; readonly high: number; readonly step: number },
	passes: (candidate: number) => Promise<boolean>,
): Promise<number> {
	let failing = 0;
	let passing = Math.ceil((high - low) / step);
	while (passing - failing > 1) {
		const middle = (failing + passing) >> 1;
		if (await passes(low + middle * step)) passing = middle;
		else failing = middle;
	}
	return low + passing * step;
}
