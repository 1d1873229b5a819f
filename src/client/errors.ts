/**
 * Why a message or a subscription came to nothing.
 * `refused`: the broker said no (`reasonCode` says why). `expired`: not sent within its expiry. `dropped`: given up to
 * make room, or lost with the connection at QoS 0. `full`: the outbox, or the table of subscriptions, is full.
 * `tooLarge`: over the broker's Maximum Packet Size. `unsendable`: it cannot be expressed in the protocol version that
 * the broker speaks, or its payload cannot be read to the end. `ended`: the client or the subscription was
 * ended first.
 */
export type ClientErrorCode = "refused" | "expired" | "dropped" | "full" | "tooLarge" | "unsendable" | "ended";

/** What was thrown, for a person. */
export function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What `done` callbacks get, and what the promises of `publishAsync` and `subscribeAsync` are rejected with. */
export class ClientError extends Error {
	override name = "ClientError";
	declare readonly code: ClientErrorCode;
	/** The broker's reason code (0x80 for every refusal in 3.1.1), or undefined when the broker was not asked. */
	declare readonly reasonCode: number | undefined;

	constructor(code: ClientErrorCode, message: string, reasonCode?: number) {
		super(message);
		this.code = code;
		this.reasonCode = reasonCode;
	}
}
