/** What most lists are, most of the time: one for all, in flash. */
export const EMPTY: readonly never[] = [];
