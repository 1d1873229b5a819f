/**
 * The part of mqtt-packet that the codec uses, said without Node's types: src knows no Buffer and no EventEmitter. It
 * hands out Buffers; they are Uint8Arrays here, and are copied into plain ones before they leave the codec.
 */
declare module "mqtt-packet" {
	interface Settings {
		readonly protocolVersion: number;
	}

	interface Parser {
		on(event: "packet", listener: (packet: Readonly<Record<string, unknown>>) => void): unknown;
		on(event: "error", listener: (error: Error) => void): unknown;
		parse(bytes: Uint8Array): number;
	}

	/** Where mqtt-packet writes a packet, piece by piece. */
	interface Sink {
		write(piece: string | Uint8Array): boolean;
		/** Called instead of throwing, when the packet cannot be written. */
		destroy(error: Error): void;
	}

	interface WriteToStream {
		(packet: object, sink: Sink, settings: Settings): boolean;
		/** Off: two-byte numbers are made when needed. On (the default): 65,536 Buffers are made at the first packet. */
		cacheNumbers: boolean;
	}

	const mqttPacket: {
		parser(settings: Settings): Parser;
		readonly writeToStream: WriteToStream;
	};
	export default mqttPacket;
}
