import type { PublishProperties } from "../../../src/codec/index.ts";

/** How many there are: each name counts as often as it stands there. */
export function countUserProperties({ userProperties = {}, userPropertyOrder }: PublishProperties = {}): number {
	if (userPropertyOrder !== undefined) return userPropertyOrder.length / 2;
	let count = 0;
	for (const values of Object.values(userProperties)) count += typeof values === "string" ? 1 : values.length;
	return count;
}

/** The properties without the user properties of this name. */
export function withoutUserProperty(properties: PublishProperties, name: string): PublishProperties {
	const { userProperties: { [name]: _, ...others } = {}, userPropertyOrder: order } = properties;
	const rest = { ...withoutUserProperties(properties), userProperties: others };
	return order === undefined ? rest : { ...rest, userPropertyOrder: withoutName(order, name) };
}

/** The properties without any. */
export function withoutUserProperties(properties: PublishProperties): PublishProperties {
	const { userProperties: _, userPropertyOrder: __, ...others } = properties;
	return others;
}

/** Names and values, in turn, without those of this name. */
export function withoutName(order: readonly string[], name: string): readonly string[] {
	return order.filter((_, index) => order[index - (index % 2)] !== name);
}
