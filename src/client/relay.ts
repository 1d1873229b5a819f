import { type AckCommand, type AckPacket, type PublishPacket, REASON, UsageError } from "../codec/index.ts";
import { Client } from "./client.ts";
import type { Context } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { HANDLERS, type Handlers } from "./on-packet.ts";
import { deliver, onPublish, resolveTopic } from "./on-publish.ts";
import type { ClientOptions } from "./options.ts";
import { type AckResult, Outgoing } from "./outgoing.ts";
import type { Ports } from "./pump.ts";
import type { Explanation } from "./reasons.ts";

/**
 * Takes the acknowledgement of QoS 1 and 2 out of the client's hands, for what passes messages on to another connection:
 * each step of the exchange is taken once the other side has taken it, with the same packet id, so that the sessions at
 * both ends are all the state there is. Then every message is handed on each time that it arrives, DUP or not, and
 * answered by `RelayClient.answer` alone; what is published at QoS 2 is `done` with PUBREC, and PUBREL is for `answer` too.
 * Called with PUBREL, which asks for PUBCOMP, and with PUBCOMP.
 */
export type Relay = (cmd: "pubrel" | "pubcomp", messageId: number) => void;

export interface RelayOptions extends ClientOptions {
	/** Not with `persist`, and with `streamAbove` at least `maxPacket`. Undefined: the client acknowledges as every client. */
	readonly relay?: Relay | undefined;
}

/** A client whose acknowledgements a Relay makes. */
export class RelayClient extends Client {
	constructor(options: RelayOptions, ports: Ports) {
		const { relay, persist } = options;
		if (relay !== undefined && persist === true) {
			throw new UsageError('Option "persist" cannot be used with a "relay": a message is kept by who acknowledges it.');
		}
		super(relay === undefined ? options : { ...options, exchange: new RelayedExchange(relay) }, ports);
	}

	/** Acknowledges what arrived on the present connection, or sends PUBREL. Without effect while offline. */
	answer(cmd: AckCommand, messageId: number): void {
		this.tell(answer, { cmd, messageId });
	}
}

function answer(context: Context, { cmd, messageId }: { readonly cmd: AckCommand; readonly messageId: number }): void {
	const { wire, phase, outgoing } = context;
	if (phase !== "online") return;
	if (cmd === "pubrel" && outgoing instanceof RelayedOutgoing) outgoing.release(messageId);
	else wire.acknowledge(cmd, messageId, REASON.SUCCESS);
}

class RelayedExchange implements Exchange {
	readonly #relay: Relay;
	readonly handlers: Handlers;

	constructor(relay: Relay) {
		this.#relay = relay;
		this.handlers = {
			...HANDLERS,
			publish: handOn,
			pubrel: (context: Context, { messageId }: AckPacket) => passOn(context, relay, "pubrel", messageId),
		};
	}

	outgoing(context: Context): Outgoing {
		return new RelayedOutgoing(context, this.#relay);
	}
}

/** PUBLISH: handed on, for the Relay to answer. */
function handOn(context: Context, packet: PublishPacket): void {
	if (packet.qos === 0) return onPublish(context, packet);
	const topic = resolveTopic(context, packet);
	if (topic !== undefined) deliver(context, topic, packet);
}

/** Messages that are settled by PUBREC, and whose release is the Relay's. */
class RelayedOutgoing extends Outgoing {
	readonly #relay: Relay;
	/** What PUBREC has come for on this connection and PUBCOMP has not. */
	readonly #withheld = new Set<number>();

	constructor(context: Context, relay: Relay) {
		super(context);
		this.#relay = relay;
	}

	override online(resumed: boolean): void {
		this.#withheld.clear();
		super.online(resumed);
	}

	override takeId(wish: number | undefined): number | undefined {
		if (wish !== undefined) this.context.ids.add(wish);
		return wish ?? super.takeId(wish);
	}

	// A Relay's packet ids are not ours to choose: none of them may be that of a SUBSCRIBE on its way [MQTT-2.2.1-3].
	override next(): Uint8Array | undefined {
		return this.context.requests.isIdle ? super.next() : undefined;
	}

	override acknowledge(cmd: AckCommand, packetId: number, code: number, added: Explanation | undefined): AckResult {
		const result = super.acknowledge(cmd, packetId, code, added);
		if (result === "released") return this.withhold(packetId);
		if (result !== "done") this.#withheld.delete(packetId);
		if (result === "unknown" && cmd === "pubcomp") passOn(this.context, this.#relay, cmd, packetId);
		return result;
	}

	/** Sends PUBREL, unless the broker takes no QoS 2: what it was sent with less needs none. */
	release(packetId: number): void {
		if (this.context.server.maximumQoS < 2) {
			passOn(this.context, this.#relay, "pubcomp", packetId);
			return;
		}
		// What an earlier connection published takes its place in the broker's Receive Maximum all the same.
		this.#withheld.add(packetId);
		this.context.wire.acknowledge("pubrel", packetId, REASON.SUCCESS);
	}

	protected override get carried(): number {
		return super.carried + this.#withheld.size;
	}

	private withhold(packetId: number): AckResult {
		const message = this.inflight.get(packetId);
		this.#withheld.add(packetId);
		if (message !== undefined) this.settle(message, undefined);
		return "done";
	}
}

/** Hands an acknowledgement to the Relay. */
function passOn(context: Context, relay: Relay, cmd: "pubrel" | "pubcomp", messageId: number): void {
	context.call("relay", relay, cmd, messageId);
}
