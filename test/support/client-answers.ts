import type { ClientOptions } from "../../src/client/index.ts";
import type { PublishPacket } from "../../src/codec/index.ts";
import { Harness, type Peer } from "./client-harness.ts";

/** A client that is online, and the broker's end. */
export function online(options: ClientOptions = {}): { h: Harness; peer: Peer } {
	const h = new Harness(options);
	return { h, peer: h.accept() };
}

/** A QoS 0 message without a payload. */
export function message(topic: string): PublishPacket {
	const payload = new Uint8Array(0);
	return {
		cmd: "publish",
		topic,
		payload,
		qos: 0,
		retain: false,
		dup: false,
		messageId: undefined,
		properties: undefined,
	};
}

/** Answers what the client asks until it asks no more. Returns the filters of each SUBSCRIBE and UNSUBSCRIBE. */
export function answerAll(peer: Peer): { subscribed: string[][]; unsubscribed: string[][] } {
	const subscribed: string[][] = [];
	const unsubscribed: string[][] = [];
	for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
		for (const packet of packets) {
			if (packet.cmd === "subscribe") {
				subscribed.push(packet.subscriptions.map(({ topic }) => topic));
				const granted = packet.subscriptions.map(({ qos }) => qos);
				peer.send({ cmd: "suback", messageId: packet.messageId, granted });
			} else if (packet.cmd === "unsubscribe") {
				unsubscribed.push([...packet.unsubscriptions]);
				const granted = peer.version === 5 ? packet.unsubscriptions.map(() => 0) : [];
				peer.send({ cmd: "unsuback", messageId: packet.messageId, granted });
			}
		}
	}
	return { subscribed, unsubscribed };
}
