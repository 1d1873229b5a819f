import { ClientError, type Message, type PublishDone, type RelayClient } from "../../../src/client/index.ts";
import { type PublishProperties, type QoS, REASON, UsageError } from "../../../src/codec/index.ts";
import type { BreakableTransport } from "./breakable-transport.ts";
import type { Mapped } from "./topic-map.ts";

/**
 * How far a message of QoS 1 or 2 is. `forwarded`: the target was given it. `taken`: the target has it by PUBREC.
 * `over`: there is nothing left to do at the target. `releasing`: the target was sent PUBREL.
 */
type Step = "forwarded" | "taken" | "over" | "releasing";

interface Passenger {
	readonly qos: 1 | 2;
	step: Step;
	/** Whether it arrived on the source's present connection, which alone may be sent its acknowledgement. */
	isHere: boolean;
	/** With which the target's client sends it, again too: it looks at them each time. */
	load?: PublishProperties;
}

/** Where a message goes, and how. */
interface Way {
	readonly to: Mapped;
	readonly qos: QoS;
	readonly messageId?: number;
}

/** One end of a bridge. */
export interface Shore {
	readonly client: RelayClient;
	readonly transport: Pick<BreakableTransport, "break">;
}

export interface CrossingEvents {
	/** Where a message goes and with what; undefined: it stays where it is. Called once for each that arrives. */
	admit(message: Message): Mapped | undefined;
	/** The properties with which it goes. */
	propertiesOf(properties: PublishProperties | undefined, qos: QoS): PublishProperties | undefined;
	/** The other side has acknowledged a message with these properties. */
	taken?(load: PublishProperties): void;
	/** It has refused one for now. */
	refused?(load: PublishProperties): void;
	/** The other side did not take a message, and never will. */
	lost(error: ClientError): void;
}

/**
 * One direction of a bridge. A message is acknowledged to the broker that it comes from when the one that it goes to has
 * taken it over, step by step and with the same packet id. So nothing of it is kept here that a crash could lose: the
 * brokers' sessions know how far it is, and at QoS 2 it crosses exactly once as long as both have theirs.
 */
export class Crossing {
	readonly #source: Shore;
	readonly #target: Shore;
	readonly #events: CrossingEvents;
	/** By packet id. No more than the Receive Maximum towards the source, or what the target's outbox takes. */
	readonly #passengers = new Map<number, Passenger>();
	/** What a session at the source had that is lost: the target is still busy with these packet ids. */
	readonly #strays = new Set<number>();
	/** Whether the target was away when the retained message of a topic changed at QoS 0, which does not wait. */
	#hasMissedRetained = false;
	/** Whether messages are left unacknowledged until the target has room; then the source is asked for them again. */
	#isHolding = false;

	constructor(source: Shore, target: Shore, events: CrossingEvents) {
		this.#source = source;
		this.#target = target;
		this.#events = events;
	}

	/** The properties of the messages that the target was given and has not acknowledged. What is changed of them counts. */
	get loads(): readonly PublishProperties[] {
		return [...this.#passengers.values()].flatMap(({ step, load }) => (step === "forwarded" ? (load ?? []) : []));
	}

	/** A message has come from the source. */
	readonly arrived = (message: Message): void => {
		const { qos, messageId } = message;
		if (qos === 0 || messageId === undefined) this.#carryOnce(message);
		else if (!this.#isRepeated(message, messageId) && !this.#isHolding) this.#board(message, qos, messageId);
	};

	/** Whether retained messages at the target may be out of date. True once for each time that it was away. */
	takeMissedRetained(): boolean {
		const hasMissed = this.#hasMissedRetained;
		this.#hasMissedRetained = false;
		return hasMissed;
	}

	/** PUBREL has come from the source. */
	released(messageId: number): void {
		const passenger = this.#passengers.get(messageId);
		if (passenger?.step === "forwarded") return; // its PUBREC is to come
		if (passenger?.step === "over") {
			this.#passengers.delete(messageId);
			this.#source.client.answer("pubcomp", messageId);
			return;
		}
		// One that is not known is of an earlier life.
		this.#passengers.set(messageId, { qos: 2, step: "releasing", isHere: true });
		this.#target.client.answer("pubrel", messageId);
	}

	/** PUBCOMP has come from the target. */
	completed(messageId: number): void {
		if (this.#strays.delete(messageId)) {
			this.#askAgain();
			return;
		}
		if (this.#passengers.get(messageId)?.step !== "releasing") return;
		this.#passengers.delete(messageId);
		this.#source.client.answer("pubcomp", messageId);
	}

	/** The source accepted us. Without its session, what is on its way here goes on unasked. */
	sourceOnline(sessionPresent: boolean): void {
		this.#isHolding = false;
		for (const [messageId, passenger] of this.#passengers) {
			if (sessionPresent) passenger.isHere = false;
			else this.#orphan(messageId, passenger);
		}
	}

	/** The target accepted us: what it was to release may not have reached it. */
	targetOnline(): void {
		for (const [messageId, { step }] of this.#passengers) {
			if (step === "releasing") this.#target.client.answer("pubrel", messageId);
		}
	}

	/** QoS 0 does not wait for a broker that is away. */
	#carryOnce(message: Message): void {
		const isAway = this.#target.client.state.kind !== "online";
		this.#hasMissedRetained ||= isAway && message.retain;
		const to = isAway ? undefined : this.#events.admit(message);
		if (to !== undefined) this.#carryTo(message, to);
	}

	#carryTo(message: Message, to: Mapped): void {
		this.#publish(message, { to, qos: 0 }, this.#loadOf(message, 0), (error) => {
			if (error !== undefined && error.code !== "ended") this.#events.lost(error);
		});
	}

	/** Whether the message was sent again after the source's connection was lost. If it has been seen to, it is answered. */
	#isRepeated({ dup }: Message, messageId: number): boolean {
		const passenger = this.#passengers.get(messageId);
		if (passenger === undefined) return false;
		if (!dup) {
			// A new message: the source has given the other one up.
			this.#orphan(messageId, passenger);
			return false;
		}
		passenger.isHere = true;
		if (passenger.step !== "forwarded") this.#acknowledge(messageId, passenger);
		return true;
	}

	#board(message: Message, qos: 1 | 2, messageId: number): void {
		if (this.#strays.has(messageId)) {
			this.#hold();
			return;
		}
		const passenger: Passenger = { qos, step: "over", isHere: true };
		this.#passengers.set(messageId, passenger);
		const to = this.#events.admit(message);
		// Another rule may have brought the message with more.
		const sent = Math.min(qos, to?.qos ?? 0) as QoS;
		if (to === undefined || sent === 0) {
			this.#acknowledge(messageId, passenger);
			if (to !== undefined && this.#target.client.state.kind === "online") this.#carryTo(message, to);
			return;
		}
		passenger.step = "forwarded";
		const load = this.#loadOf(message, sent);
		passenger.load = load;
		this.#publish(message, { to, qos: sent, messageId }, load, (error) => {
			this.#settled(messageId, passenger, sent, error);
		});
	}

	/** Its own, to be changed while the message is on its way. */
	#loadOf({ properties }: Message, qos: QoS): PublishProperties {
		return { ...this.#events.propertiesOf(properties, qos) };
	}

	#publish(message: Message, { to, qos, messageId }: Way, load: PublishProperties, done: PublishDone): void {
		// An interval of 0 is over as soon as it is looked at. The client counts it down, and writes it in the place of this one.
		const expiry = load.messageExpiryInterval === 0 ? 1 : load.messageExpiryInterval;
		const options = { qos, retain: message.retain, properties: load, messageId, expiry };
		try {
			this.#target.client.publish(to.topic, message.payload.slice(), options, done);
		} catch (error) {
			if (!(error instanceof UsageError)) throw error; // a prefix can make a topic too long
			done(new ClientError("unsendable", error.message));
		}
	}

	#settled(messageId: number, passenger: Passenger, sent: QoS, error: ClientError | undefined): void {
		if (error?.code === "ended") return; // the source keeps it for the next start
		if (this.#strays.has(messageId)) this.#releaseStray(messageId, sent === 2 && error === undefined);
		else if (error !== undefined && isTransient(error)) {
			if (error.reasonCode !== undefined) this.#events.refused?.(passenger.load ?? {});
			this.#passengers.delete(messageId);
			this.#hold();
		} else {
			if (error === undefined) this.#events.taken?.(passenger.load ?? {});
			if (error !== undefined && error.code !== "expired") this.#events.lost(error);
			passenger.step = sent === 2 && error === undefined ? "taken" : "over";
			if (passenger.isHere && this.#source.client.state.kind === "online") this.#acknowledge(messageId, passenger);
		}
		this.#askAgain();
	}

	#acknowledge(messageId: number, { qos, step }: Passenger): void {
		if (qos === 1) this.#passengers.delete(messageId);
		if (step !== "releasing") this.#source.client.answer(qos === 1 ? "puback" : "pubrec", messageId);
	}

	#orphan(messageId: number, { step }: Passenger): void {
		this.#passengers.delete(messageId);
		if (step === "forwarded") this.#strays.add(messageId);
		else if (step !== "over") this.#releaseStray(messageId, true);
	}

	/** Nobody will ask for the PUBREL of a message whose source has lost its session. */
	#releaseStray(messageId: number, isTaken: boolean): void {
		if (!isTaken || this.#target.client.state.kind !== "online") {
			this.#strays.delete(messageId);
			return;
		}
		this.#strays.add(messageId);
		this.#target.client.answer("pubrel", messageId);
	}

	#hold(): void {
		this.#isHolding = true;
		this.#askAgain();
	}

	/** Once nothing is on its way any more, the source is asked for what it was not acknowledged, at the pace of reconnects. */
	#askAgain(): void {
		if (!this.#isHolding || this.#strays.size > 0) return;
		for (const { step } of this.#passengers.values()) if (step === "forwarded") return;
		setImmediate(() => {
			if (this.#isHolding) this.#source.transport.break("messages wait until the other side of the bridge has room");
		});
	}
}

/** Whether the same message may be taken later: there was no room for it here, or the broker's store is full. */
function isTransient({ code, reasonCode }: ClientError): boolean {
	return code === "full" || reasonCode === REASON.QUOTA_EXCEEDED;
}
