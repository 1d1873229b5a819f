import { HANDSHAKE, type HandshakeReader } from "../../../hosts/device/tls/handshake-reader.ts";

/** What a server says in a full handshake, in order. */
export const FLIGHT = [
	HANDSHAKE.serverHello,
	HANDSHAKE.certificate,
	HANDSHAKE.serverKeyExchange,
	HANDSHAKE.serverHelloDone,
	HANDSHAKE.finished,
];

/** A message of the handshake: type, length of three octets, content. */
export function message(type: number, length = 3): Uint8Array {
	return Uint8Array.from([
		type,
		length >> 16,
		(length >> 8) & 0xff,
		length & 0xff,
		...Array<number>(length).fill(type),
	]);
}

/** Hands over a message, and new keys before the one that is encrypted. */
export function push(reader: HandshakeReader, type: number): void {
	if (type === HANDSHAKE.finished) reader.changeKeys();
	reader.push(message(type));
}
