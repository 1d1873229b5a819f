/** The part of mqtt-packet that the codec uses, said without Node's types: src knows no Buffer. */
declare module "mqtt-packet/writeToStream.js" {
	/** Where mqtt-packet writes a packet, piece by piece. */
	export interface Sink {
		write(piece: string | Uint8Array): boolean;
		/** Called when the packet cannot be written. */
		destroy(error: Error): void;
	}

	const writeToStream: {
		(packet: object, sink: Sink, settings: { readonly protocolVersion: number }): boolean;
		/** On, which is the default, the first packet makes 65,536 Buffers, one for each two-byte number. */
		cacheNumbers: boolean;
	};
	export default writeToStream;
}
