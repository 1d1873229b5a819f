/** What the host itself turns away, before the broker learns of it. */
export class HostCounters {
	/** Connections closed or never begun, by listener: too many, a failed handshake. */
	readonly dropsByListener = new Map<string, number>();
	/** Connections closed because there were enough from their address. */
	perAddress = 0;

	dropped(listener: string): void {
		this.dropsByListener.set(listener, (this.dropsByListener.get(listener) ?? 0) + 1);
	}
}
