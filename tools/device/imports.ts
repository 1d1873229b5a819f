const IMPORT = /^import \{([^}]+)\} from ("[^"]+");$/gm;
const WORD = /[\w$]+/g;

/**
 * Takes out of a bundle's imports the names that it does not use: esbuild keeps all that one of its modules passes on, and
 * XS has each of them in flash. A name counts as used wherever the word stands, be it in a comment.
 */
export function withUsedImports(code: string): string {
	const words = new Set(code.replace(IMPORT, "").match(WORD));
	return code.replace(IMPORT, (statement, clause: string, from: string) => {
		const names = clause.split(",").map((name) => name.trim());
		const used = names.filter((name) => words.has(name.split(" as ").at(-1) ?? name));
		if (used.length === names.length) return statement;
		return used.length === 0 ? `import ${from};` : `import { ${used.join(", ")} } from ${from};`;
	});
}
