/** Randomness for jitter and generated client ids; not for secrets. */
export interface Random {
	/** A number in [0, 1). */
	next(): number;
}
