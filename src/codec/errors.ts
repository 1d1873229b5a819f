/** The peer broke the protocol. `reasonCode` is the MQTT 5 reason code (section 2.4) that describes how. */
export class ProtocolError extends Error {
	override name = "ProtocolError";
	// Only declared, as in other errors: a field beside what the constructor sets is bytecode for nothing.
	declare readonly reasonCode: number;

	constructor(reasonCode: number, message: string) {
		super(message);
		this.reasonCode = reasonCode;
	}
}

/** Our own caller asked for something impossible. The message says what, and what is allowed. */
export class UsageError extends Error {
	override name = "UsageError";
}
