/** Why a transport could not be opened, or ended. `phase` says how far it came. */
export interface TransportFailure {
	/** `dns`: the name was not found. `tcp`: refused, unreachable or reset. `tls`: the handshake or verification failed. */
	readonly phase: "dns" | "tcp" | "tls" | "websocket";
	/** What happened, for a person. */
	readonly message: string;
}

/** What an open transport tells its owner. None of these is called synchronously from `open`, `write` or `close`. */
export interface TransportEvents {
	/** The byte stream is ready in both directions. */
	opened(): void;
	/** Bytes as they arrived, of any cut. The receiver owns the buffer. */
	received(bytes: Uint8Array): void;
	/** `write` may be called again after it returned false. */
	writable(): void;
	/** The last call. `undefined`: the peer closed in good order. */
	closed(failure: TransportFailure | undefined): void;
}

/** One connection attempt and the byte stream that comes of it. */
export interface Connection {
	/**
	 * Takes all of `bytes` and sends them in order. False: the buffer is full; do not write until `writable`.
	 * The connection may keep the view until it is sent.
	 */
	write(bytes: Uint8Array): boolean;
	/**
	 * Holds (false) and resumes (true) `received`, so that the peer is slowed down by the transport's flow control. Absent:
	 * this stream cannot be held.
	 */
	reading?(flag: boolean): void;
	/** Sends what was written, then closes. `closed` is not called afterwards. Safe to call twice. */
	close(): void;
	/** What an attempt that is not open yet waits for, as the failure that it is if its owner waits no longer. Absent: not known. */
	overdue?(): TransportFailure | undefined;
}

/** Opens connections to one broker. */
export interface Transport {
	/** Names the broker for logs and for what is remembered per broker: `host:port`. */
	readonly endpoint: string;
	/** Never throws: every failure reaches `events.closed`. */
	open(events: TransportEvents): Connection;
}
