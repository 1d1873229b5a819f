import { type ConnectPacket, encode, type ProtocolVersion } from "../../../src/codec/index.ts";

/** A CONNECT as bytes, for raw peers. */
export function connectFrame(version: ProtocolVersion, fields: Partial<ConnectPacket> = {}): Uint8Array {
	const protocolId = version === 3 ? "MQIsdp" : "MQTT";
	const defaults = { cmd: "connect", clean: true, clientId: "raw", keepalive: 60 } as const;
	return encode({ ...defaults, ...fields, protocolId, protocolVersion: version }, version);
}

/** A SUBSCRIBE to one filter at QoS 0, as bytes. */
export function subscribeFrame(topic: string, version: ProtocolVersion): Uint8Array {
	return encode({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 0 }] }, version);
}

/** A PUBLISH at QoS 0, as bytes. */
export function publishFrame(topic: string, payload: Uint8Array, version: ProtocolVersion): Uint8Array {
	const header = { topic, qos: 0, retain: false, dup: false, messageId: undefined, properties: undefined } as const;
	return encode({ cmd: "publish", ...header, payload }, version);
}
