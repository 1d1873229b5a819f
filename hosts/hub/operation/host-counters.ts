/** What the host itself turns away, before the broker learns of it. */
export class HostCounters {
	/** Connections closed or never begun, by listener: too many, a failed handshake. */
	readonly dropsByListener = new Map<string, number>();
	/** Connections closed because there were enough from their address. */
	perAddress = 0;

	/** Messages that bridges did not carry, by bridge. */
	readonly lossesByBridge = new Map<string, number>();
	/** Messages that bridges carried without some of their user properties, by bridge. */
	readonly shorteningsByBridge = new Map<string, number>();

	dropped(listener: string): void {
		increment(this.dropsByListener, listener);
	}

	bridgeLost(bridge: string): void {
		increment(this.lossesByBridge, bridge);
	}

	bridgeShortened(bridge: string): void {
		increment(this.shorteningsByBridge, bridge);
	}
}

function increment(counts: Map<string, number>, name: string): void {
	counts.set(name, (counts.get(name) ?? 0) + 1);
}
