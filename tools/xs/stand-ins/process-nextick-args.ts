/** Stands in for `process-nextick-args`: calls back once the code that runs now has returned. */
export function nextTick<T extends unknown[]>(callback: (...values: T) => void, ...values: T): void {
	void Promise.resolve().then(() => callback(...values));
}
