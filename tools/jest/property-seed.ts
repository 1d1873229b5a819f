/**
 * The seed of the property tests: `PROPERTY_SEED` of the environment, a whole number or `random`. By default always the
 * same, so that an unchanged tree passes again; undefined: another one each time, to look for what nobody thought of.
 */
export function propertySeed(): number | undefined {
	const { PROPERTY_SEED: wanted = "1" } = process.env;
	if (wanted === "random") return undefined;
	const seed = Number(wanted);
	if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED must be a whole number or "random", not "${wanted}".`);
	return seed;
}
