export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where a pump reports what it does. Values must be safe to print: never a payload, never a secret. */
export interface Log {
	write(level: LogLevel, message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}
