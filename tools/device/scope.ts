const IMPORT = /^import [^;]*;$/gm;
/** A name that an import declares stands before a comma or a brace. */
const IMPORTED = /([\w$]+)(?=,| \}| from)/g;
const EXPORTS = /^export \{\n(?: {2}.+\n)+\};$/m;
const EXPORTED = /^ {2}([\w$]+)(?: as ([\w$]+))?,?$/gm;
const DECLARATION = /^(?:function|class|const|var|let) /gm;
/** From here on it pays: each export costs more than it did. */
const DECLARATIONS_PER_EXPORT = 3;
/** What the module has of its function: no name of ours has a `$`. */
const INNER = "inner$";

/**
 * Puts what a bundled module declares into a function, and gives the module what it exports alone: XS keeps a record of eight
 * bytes of flash for each name on a module's top level. No line moves, so that the source map stays right.
 */
export function inOneScope(code: string): string {
	const [statement = ""] = EXPORTS.exec(code) ?? [];
	const imports = [...code.matchAll(IMPORT)].map(([each]) => each.replaceAll(/\s+/g, " ")).join(" ");
	const imported = new Set([...imports.matchAll(IMPORTED)].map(([, name]) => name));
	const names = [...statement.matchAll(EXPORTED)].map(([, local = "", name = local]) => ({ local, name }));
	const declared = names.filter(({ local }) => !imported.has(local));
	const declarations = [...code.matchAll(DECLARATION)].length;
	if (declared.length === 0 || declarations < DECLARATIONS_PER_EXPORT * declared.length) return code;
	const results = declared.map(({ local }) => local).join(", ");
	const constants = declared.map(({ local }) => `${local} = ${INNER}.${local}`).join(", ");
	const exports = names.map(({ local, name }) => (local === name ? name : `${local} as ${name}`)).join(", ");
	const tail = `return Object.freeze({ ${results} }); })();\nconst ${constants};\nexport { ${exports} };`;
	return `${imports} const ${INNER} = (() => {${code.replace(IMPORT, blank).replace(EXPORTS, tail)}`;
}

function blank(lines: string): string {
	return lines.replaceAll(/[^\n]+/g, "");
}
