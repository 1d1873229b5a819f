/** The store cannot be used. The message names its place, the reason, and what to do. */
export class StoreError extends Error {
	override name = "StoreError";

	/** For what cannot be read any more. */
	static damaged(path: string, reason: string, cause?: unknown): StoreError {
		const advice = "it is left as it is; restore it from a copy, or move it away to start without what it holds";
		return new StoreError(`the store ${path} is damaged (${reason}): ${advice}`, { cause });
	}

	/** For what another program wrote. */
	static foreign(path: string, reason: string): StoreError {
		return new StoreError(`${path} is not a store of motehub (${reason}): it is left as it is; choose another folder`);
	}

	/** For what the system refuses. */
	static failed(what: string, path: string, error: unknown): StoreError {
		const advice = "choose another folder, or make this one writable";
		return new StoreError(`${what} ${path} failed (${messageOf(error)}): ${advice}`, { cause: error });
	}
}

/** What an exception says, of whatever kind it is. */
export function messageOf(error: unknown): string {
	const hasMessage = typeof error === "object" && error !== null && "message" in error;
	return String(hasMessage ? error.message : error);
}
