/** One text for equal packets: keys in order, undefined left out, bytes in hexadecimal. Cheap to compare, also on XS. */
export function canonical(value: unknown): string {
	if (value instanceof Uint8Array) return `<${Array.from(value, (byte) => byte.toString(16)).join(" ")}>`;
	if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
	const fields = value as Readonly<Record<string, unknown>>;
	const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
	return `{${keys
		.sort()
		.map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`)
		.join()}}`;
}
