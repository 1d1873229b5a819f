import { transform } from "esbuild";

/** Declarations on a module's top level, as esbuild prints them: what is in them is indented. */
const DECLARATION = /^var (?=[\w$]+ = )(?:.*;$|[\s\S]*?^\S.*;$)/gm;
/** The lines where the names that are declared stand. */
const OUTER_LINE = /^\S.*$/gm;
const NAME = /(?:^var |, )([\w$]+) = /g;
/** Objects and arrays that are written out. Behind a parenthesis, a name may be a parameter that has a default. */
const TABLE = /(?<=^var |^[^(]*, )([\w$]+) = (?:[{[]|Array\.of\()/g;
/** Before what comes from a file, esbuild prints its path. */
const FILE = /^(?=\/\/ \S+$)/m;
const FOREIGN = /^\/\/ (?:\S*\bnode_modules\/|mqtt-packet:)/;
const EXPORTS = /^export \{$/m;

/**
 * Makes constants of a module's variables that nothing assigns to again, and freezes its tables. esbuild makes variables of
 * constants; and XS has a word of RAM for each preloaded variable and object, against the day when somebody changes it.
 */
export function withConstants(code: string): string {
	const tables: string[] = [];
	const parts = code.split(FILE).map((part) => {
		const isOurs = !FOREIGN.test(part);
		return part.replace(DECLARATION, (statement) => {
			const names = namesIn(statement, NAME);
			if (names.some((name) => isAssigned(name, code))) return statement;
			if (isOurs) tables.push(...namesIn(statement, TABLE));
			return statement.replace("var", "const");
		});
	});
	const constant = parts.join("");
	if (tables.length === 0) return constant;
	// With `true`, as XS has it: with all that is in it. A loop would cost 125 bytes of flash in each module, and an array that
	// is written out costs ten more for each of its elements than one that is made of arguments.
	const freeze = `Object.freeze(Array.of(${tables.join(", ")}), true);\n`;
	return constant.search(EXPORTS) < 0 ? `${constant}${freeze}` : constant.replace(EXPORTS, `${freeze}export {`);
}

/** Throws when a module assigns to a constant after all: the device would find it out no sooner than that. */
export async function checkConstants(code: string): Promise<void> {
	const { warnings } = await transform(code, { logLevel: "silent" });
	const fault = warnings.find(({ id }) => id === "assign-to-constant");
	if (fault !== undefined) throw new Error(`${fault.location?.lineText.trim()}: ${fault.text}`);
}

function namesIn(statement: string, declarator: RegExp): string[] {
	const lines = [...statement.matchAll(OUTER_LINE)];
	return lines.flatMap(([line]) => [...line.matchAll(declarator)].map(([, name = ""]) => name));
}

/** Where in doubt, true. Its declaration is the first place where it gets a value. */
function isAssigned(name: string, code: string): boolean {
	const escaped = name.replaceAll("$", "\\$");
	const here = `(?<![.\\w$])${escaped}`;
	const assignments = new RegExp(`${here} [-+*/%&|^?<>]{0,3}=(?![=>])|${here}(?:\\+\\+|--)`, "g");
	const increments = new RegExp(`(?:\\+\\+|--)${escaped}(?![\\w$])`);
	return [...code.matchAll(assignments)].length > 1 || increments.test(code);
}
