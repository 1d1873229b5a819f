import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Protocol } from "../../src/client/index.ts";
import { Harness } from "../support/client-harness.ts";
import { MemoryStore } from "../support/memory-store.ts";

const LADDER: readonly Protocol[] = ["5", "3.1.1", "3.1"];

/** What becomes of an attempt. `code1` and `closed` refuse the version; nothing else does. */
const OUTCOMES = ["code1", "closed", "accepted", "credentials", "silence", "refusedTcp", "tlsAlert"] as const;
type Outcome = (typeof OUTCOMES)[number];

function happen(h: Harness, outcome: Outcome): void {
	if (outcome === "refusedTcp") return h.peer.drop({ phase: "tcp", message: "refused" });
	h.connect();
	switch (outcome) {
		case "code1":
			return h.peer.sendBytes(Uint8Array.of(0x20, 2, 0, 1));
		case "closed":
			return h.peer.drop();
		case "credentials":
			return h.peer.sendBytes(Uint8Array.of(0x20, 2, 0, 4));
		case "silence":
			return h.advance(10_000);
		case "tlsAlert":
			return h.peer.drop({ phase: "tls", message: "alert" });
		case "accepted":
			h.peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
			h.advance(60_000);
			return h.peer.drop();
	}
}

test("the ladder goes down on refusals of the version alone, each rung once a round, and never above its top", () => {
	fc.assert(
		fc.property(
			fc.constantFrom<Protocol>(...LADDER),
			fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 40 }),
			fc.nat(),
			(top, outcomes, seed) => {
				// Waits so long that none is over by chance.
				const reconnect = { initial: 1e9, maximum: 1e9, refused: 1e9 };
				const h = new Harness({ protocol: top, reconnect }, { store: new MemoryStore(), seed });
				const rungs = LADDER.slice(LADDER.indexOf(top));
				h.client.start();
				const found = new Set<Protocol>();
				for (const outcome of outcomes) {
					if (h.client.state.kind === "offline") h.retry();
					const rung = h.attempts.at(-1) as Protocol;
					const count = h.attempts.length;
					happen(h, outcome);
					const next = rungs[rungs.indexOf(rung) + 1];
					const isRefusal = outcome === "code1" || outcome === "closed";
					// At once, to the next rung; or later, from a rung that was found, or from the top.
					expect(h.attempts.length - count).toBe(isRefusal && next !== undefined ? 1 : 0);
					if (isRefusal && next !== undefined) expect(h.attempts.at(-1)).toBe(next);
					else {
						if (outcome === "accepted") found.add(rung);
						h.retry();
						expect([top, ...found]).toContain(h.attempts.at(-1));
					}
				}
			},
		),
		{ numRuns: 100 },
	);
});
