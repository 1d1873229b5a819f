/** More than any command or offer has. Each level takes a small machine's stack, and XS ends the machine when it is used up. */
const DEEPEST = 8;

/** The object, or array, that JSON text stands for; undefined for all other text, and for what is nested deeper than 8 levels. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
	if (isTooDeep(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** Right up to the first fault of the text, where a parser ends. */
function isTooDeep(text: string): boolean {
	let depth = 0;
	let isQuoted = false;
	for (let at = 0; at < text.length && depth <= DEEPEST; at++) {
		const character = text.charAt(at);
		if (character === '"') isQuoted = !isQuoted;
		else if (character === "\\") at++;
		else if (isQuoted) continue;
		else if (character === "[" || character === "{") depth++;
		else if (character === "]" || character === "}") depth--;
	}
	return depth > DEEPEST;
}
