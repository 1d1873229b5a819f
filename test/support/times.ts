/** What `make` gives for 0 to count - 1. Array.from on an object with a length is broken in XS 13: every key is "0". */
export function times<T>(count: number, make: (index: number) => T): T[] {
	const made: T[] = [];
	for (let index = 0; index < count; index++) made.push(make(index));
	return made;
}
