/** What was asked for cannot be bundled. The message says what, where, and what to do. */
export class CaError extends Error {
	override name = "CaError";
}
