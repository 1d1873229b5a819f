import { REASON } from "../../src/codec/index.ts";

const CODES: Readonly<Record<string, number>> = REASON;
const USE = /(?<![\w$.])REASON\.([A-Z_\d]+)\b/g;

/** Writes reason codes as numbers: two bytes of bytecode for one, and ten or more for a property of a module's table. */
export function withReasonCodes(code: string): string {
	return code.replace(USE, (use, name: string) => String(CODES[name] ?? use));
}
