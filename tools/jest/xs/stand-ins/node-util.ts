/** `util.format` of Node, as far as `jest-each` needs it for the titles of rows. */

const PLACEHOLDER = /%[sdifjoOc%]/g;

/** Fills the placeholders in turn; those without a value stay. */
export function format(template: string, ...values: unknown[]): string {
	let next = 0;
	return template.replace(PLACEHOLDER, (placeholder) => {
		if (placeholder === "%%") return next < values.length ? "%" : placeholder;
		if (next >= values.length) return placeholder;
		return formatOne(placeholder, values[next++]);
	});
}

function formatOne(placeholder: string, value: unknown): string {
	switch (placeholder) {
		case "%s":
			return typeof value === "object" && value !== null ? inspect(value) : text(value);
		case "%d":
			return text(typeof value === "bigint" ? value : Number(value));
		case "%i":
			return text(typeof value === "bigint" ? value : Number.parseInt(String(value), 10));
		case "%f":
			return String(Number.parseFloat(String(value)));
		case "%j":
			return JSON.stringify(value) ?? "undefined";
		case "%c":
			return "";
		default:
			return inspect(value);
	}
}

function text(value: unknown): string {
	if (Object.is(value, -0)) return "-0";
	return typeof value === "bigint" ? `${value}n` : String(value);
}

/** Close to Node's `inspect` for plain data; a title needs no more. */
function inspect(value: unknown): string {
	if (typeof value === "string") return `'${value}'`;
	if (value instanceof Error) return `${value.name}: ${value.message}`;
	if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(inspect).join(", ")} ]`;
	if (typeof value !== "object" || value === null) return text(value);
	const entries = Object.entries(value).map(([key, each]) => `${key}: ${inspect(each)}`);
	return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
