/** Where a value stands in a configuration: keys of mappings and indices of lists, from the top. */
export type Path = readonly (string | number)[];

export interface Finding {
	readonly path: Path;
	/** What to point at: the key itself (unknown, unused) or its value. */
	readonly at: "key" | "value";
	readonly message: string;
}

/**
 * What was found while a configuration was read. Errors make it unusable; notices are for the person to know, such as
 * a key that has no effect here. Messages never quote a secret.
 */
export class Report {
	readonly errors: Finding[] = [];
	readonly notices: Finding[] = [];

	error(path: Path, message: string, at: Finding["at"] = "value"): void {
		this.errors.push({ path, at, message });
	}

	notice(path: Path, message: string, at: Finding["at"] = "key"): void {
		this.notices.push({ path, at, message });
	}
}

/** `listeners.lan.origins[2]`, as a person would write it. */
export function pathText(path: Path): string {
	let text = "";
	for (const step of path) {
		if (typeof step === "number") text += `[${step}]`;
		else text += text === "" ? step : `.${step}`;
	}
	return text;
}
