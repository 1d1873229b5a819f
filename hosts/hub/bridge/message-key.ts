import { createHash } from "node:crypto";

/** The same for equal messages, and for no others. */
export function keyOf(topic: string, payload: Uint8Array): string {
	return createHash("sha256").update(topic).update("\0").update(payload).digest("base64");
}
