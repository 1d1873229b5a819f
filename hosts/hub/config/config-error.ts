import { type Finding, pathText } from "../../../src/config/index.ts";

/** Where something stands in a file. Lines and columns count from 1. */
export interface Position {
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

/** A configuration that cannot be used. The message has a line for each thing that is wrong: file:line:column: key: what. */
export class ConfigError extends Error {
	override name = "ConfigError";
	readonly problems: readonly string[];
	/** Those that were looked at or for: it may take no more than to mend one of them. Absolute paths. */
	readonly files: readonly string[];

	constructor(problems: readonly string[], files: readonly string[] = []) {
		super(problems.join("\n"));
		this.problems = problems;
		this.files = files;
	}
}

/** `motehub.yaml:4:9: mqtt.port: 0 is not allowed; …` */
export function located({ path, message }: Finding, position: Position | undefined): string {
	return [positionText(position), pathText(path), message].filter((part) => part !== "").join(": ");
}

export function positionText(position: Position | undefined): string {
	return position === undefined ? "" : `${position.file}:${position.line}:${position.column}`;
}
