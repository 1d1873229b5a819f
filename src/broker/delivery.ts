import type { QoS } from "../codec/index.ts";
import type { Flight } from "../session/index.ts";
import type { Message } from "./message.ts";

/** How a message is to reach a session. */
export interface DeliveryTerms {
	readonly qos: QoS;
	/** The RETAIN flag that it is sent with. */
	readonly retain: boolean;
	/** Subscription identifiers (5) of the subscriptions that it is sent for. */
	readonly identifiers: readonly number[] | undefined;
	/** The shared subscription that chose the session, as `$share/NAME/FILTER`, if one did. */
	readonly share: string | undefined;
}

/** One message for one session. */
export class Delivery implements DeliveryTerms {
	readonly message: Message;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly identifiers: readonly number[] | undefined;
	readonly share: string | undefined;
	/** Order within the session, and its key in the store. */
	readonly sequence: number;
	/** Whether the store has a row for it. */
	stored = false;
	/** Whether it has been on the wire: it is sent again with DUP. */
	sent = false;

	constructor(message: Message, terms: DeliveryTerms, sequence: number) {
		this.message = message;
		this.qos = terms.qos;
		this.retain = terms.retain;
		this.identifiers = terms.identifiers;
		this.share = terms.share;
		this.sequence = sequence;
	}
}

/** A delivery of QoS 1 or 2 that was sent and not acknowledged to the end. */
export interface InflightRecord extends Flight {
	readonly packetId: number;
	readonly qos: 1 | 2;
	readonly message: Delivery;
}
