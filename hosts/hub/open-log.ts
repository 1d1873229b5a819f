import type { Log } from "../../src/ports/index.ts";
import type { LogSettings } from "./config/settings.ts";
import { JsonLog } from "./json-log.ts";
import { TextLog } from "./log.ts";

/** What a log is written to: `process.stderr`, for instance. */
interface LogStream {
	readonly isTTY: boolean;
	write(line: string): unknown;
}

/** The log of a program, on its standard error. */
export function openLog({ level, format }: LogSettings, stream: LogStream): Log {
	const write = (line: string) => void stream.write(line);
	const isText = format === "text" || (format === "auto" && stream.isTTY);
	return isText ? new TextLog(level, write) : new JsonLog(level, write);
}
