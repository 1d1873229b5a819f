import type { DecodedPacket, DisconnectPacket, SubackPacket, UnsubackPacket } from "../codec/index.ts";
import { onAcknowledgement, onPubrel } from "./acknowledgements.ts";
import { drop, protocolError } from "./connection.ts";
import type { Context } from "./context.ts";
import { onConnack } from "./on-connack.ts";
import { onPublish } from "./on-publish.ts";
import { reasonText, scaleOf } from "./reasons.ts";
import { onPublishBegin, onPublishChunk } from "./streams.ts";

export type Handlers = {
	[C in DecodedPacket["cmd"]]?: (context: Context, packet: Extract<DecodedPacket, { cmd: C }>) => void;
};
type Handler = (context: Context, packet: DecodedPacket) => void;

/** What a broker may send once it has accepted us. AUTH is not among it: nobody asked for it [MQTT-4.12.0-6]. */
export const HANDLERS: Handlers = {
	publish: onPublish,
	publishBegin: onPublishBegin,
	publishChunk: onPublishChunk,
	puback: onAcknowledgement,
	pubrec: onAcknowledgement,
	pubrel: onPubrel,
	pubcomp: onAcknowledgement,
	suback: onSuback,
	unsuback: onSuback,
	disconnect: onDisconnect,
	connack: (context) => protocolError(context, "The broker sent a second CONNACK."),
	pingresp: () => undefined, // every byte that arrives is a sign of life: the keepalive knows
};

/** Hands a packet from the broker to its handler. */
export function onPacket(context: Context, packet: DecodedPacket): void {
	if (context.phase !== "online") {
		if (packet.cmd === "connack") return onConnack(context, packet);
		return refuse(context, packet, "and not CONNACK, in answer to CONNECT");
	}
	const handlers = context.settings.exchange?.handlers ?? HANDLERS;
	const handler = handlers[packet.cmd] as Handler | undefined;
	if (handler !== undefined) return handler(context, packet);
	return refuse(context, packet, "which only clients send, or was not asked for");
}

function refuse(context: Context, packet: DecodedPacket, why: string): void {
	protocolError(context, `The broker sent ${packet.cmd.toUpperCase()}, ${why}.`);
}

/** SUBACK (MQTT 5 section 3.9) or UNSUBACK (section 3.11). */
function onSuback(context: Context, packet: SubackPacket | UnsubackPacket): void {
	context.hasNew = true;
	const codes = packet.cmd === "suback" ? packet.granted : undefined;
	if (context.requests.answered(packet.messageId, codes, packet.properties)) return;
	return refuse(context, packet, "which answers nothing that was asked");
}

/** DISCONNECT from the broker (MQTT 5 section 3.14): it says why it ends the connection. */
function onDisconnect(context: Context, packet: DisconnectPacket): void {
	const code = packet.reasonCode;
	drop(context, `The broker ended the connection: ${reasonText(code, packet.properties)}.`, scaleOf(code), code);
}
