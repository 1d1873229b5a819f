/**
 * Packet ids of incoming QoS 2 messages that the sender has not released: what makes delivery exactly once
 * (MQTT 5 section 4.3.3). PUBREL deletes them, and the loss of the session does.
 */
export class ReceivedIds extends Set<number> {
	/** How many may be unreleased at a time: the Receive Maximum that the peer was given. */
	limit: number;

	constructor(limit: number) {
		super();
		this.limit = limit;
	}

	/**
	 * Notes a PUBLISH. `first`: deliver it. `repeat`: it was delivered before, only acknowledge it. `over`: the peer
	 * exceeded its Receive Maximum.
	 */
	receive(packetId: number): "first" | "repeat" | "over" {
		if (this.has(packetId)) return "repeat";
		if (this.size >= this.limit) return "over";
		this.add(packetId);
		return "first";
	}
}
