/**
 * The same number modulo a group's order, and one bit longer than that, whatever `scalar` is: a multiplication takes the
 * longer, the more bits there are, and a few known bits of many signatures' random numbers give a key away. `scalar` is below
 * `order`, whose length in bits is `bits`.
 */
export function lengthened(scalar: bigint, order: bigint, bits: number): bigint {
	const sum = scalar + order;
	return sum >> BigInt(bits) === 0n ? sum + order : sum;
}
