import { type DecodedPacket, REASON } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";
import { onConnack } from "./on-connack.ts";
import { onDisconnect } from "./on-disconnect.ts";
import { onPuback } from "./on-puback.ts";
import { onPubcomp } from "./on-pubcomp.ts";
import { onPublish } from "./on-publish.ts";
import { onPublishBegin } from "./on-publish-begin.ts";
import { onPublishChunk } from "./on-publish-chunk.ts";
import { onPubrec } from "./on-pubrec.ts";
import { onPubrel } from "./on-pubrel.ts";
import { onSuback } from "./on-suback.ts";
import { onUnsuback } from "./on-unsuback.ts";

/** Hands a packet from the broker to its handler. */
export function onPacket(context: Context, packet: DecodedPacket): void {
	if (context.phase === "online") onOnlinePacket(context, packet);
	else if (packet.cmd === "connack") onConnack(context, packet);
	else refuse(context, `The broker answered CONNECT with ${packet.cmd.toUpperCase()}.`);
}

function onOnlinePacket(context: Context, packet: DecodedPacket): void {
	switch (packet.cmd) {
		case "publish":
			return onPublish(context, packet);
		case "publishBegin":
			return onPublishBegin(context, packet);
		case "publishChunk":
			return onPublishChunk(context, packet);
		case "puback":
			return onPuback(context, packet);
		case "pubrec":
			return onPubrec(context, packet);
		case "pubrel":
			return onPubrel(context, packet);
		case "pubcomp":
			return onPubcomp(context, packet);
		case "suback":
			return onSuback(context, packet);
		case "unsuback":
			return onUnsuback(context, packet);
		case "disconnect":
			return onDisconnect(context, packet);
		case "connack":
			return onConnack(context, packet);
		case "pingresp":
			return undefined; // every byte that arrives is a sign of life: the keepalive knows
		default:
			// AUTH among them: enhanced authentication was not asked for [MQTT-4.12.0-6].
			return refuse(
				context,
				`The broker sent ${packet.cmd.toUpperCase()}, which only clients send, or was not asked for.`,
			);
	}
}

function refuse(context: Context, message: string): void {
	fail(context, message, { reasonCode: REASON.PROTOCOL_ERROR });
}
