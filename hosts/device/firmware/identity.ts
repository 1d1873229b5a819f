import { decodeUtf8, encodeUtf8 } from "../../../src/codec/index.ts";
import type { Random, Store } from "../../../src/ports/index.ts";
import type { NetService } from "../platform.ts";

const KEY = "client-id";

/** The client id when none is configured: from the MAC address, or, where there is none, once drawn and then kept. */
export function defaultClientId(net: NetService, store: Store, random: Random): string {
	const mac = net.get("MAC");
	if (mac) return `motehub-${mac.split(":").slice(-3).join("").toLowerCase()}`;
	const kept = store.get(KEY);
	if (kept) return decodeUtf8(kept, 0, kept.length);
	const drawn = `motehub-${Math.floor(random.next() * 2 ** 32)
		.toString(16)
		.padStart(8, "0")}`;
	store.set(KEY, encodeUtf8(drawn));
	return drawn;
}
