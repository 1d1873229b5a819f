/**
 * The part of mqtt-packet that the codec uses, said without Node's types: src knows no Buffer and no EventEmitter. The
 * Buffers that it hands out are Uint8Arrays here; they are copied into plain ones before they leave the codec.
 */
declare module "mqtt-packet" {
	type QoS = import("./packets.ts").QoS;

	interface Settings {
		readonly protocolVersion: number;
	}

	export interface ParsedConnect {
		readonly cmd: "connect";
		readonly clean: boolean;
		readonly clientId: string;
		readonly keepalive: number;
		readonly username?: string;
		readonly password?: Uint8Array;
		readonly will?: {
			readonly topic: string;
			readonly payload: Uint8Array;
			readonly qos: QoS;
			readonly retain: boolean;
		};
	}

	export interface ParsedConnack {
		readonly cmd: "connack";
		readonly sessionPresent: boolean;
		/** At protocol version 5. */
		readonly reasonCode?: number;
		/** At the others. */
		readonly returnCode?: number;
	}

	export interface ParsedSubscribe {
		readonly cmd: "subscribe";
		readonly messageId: number;
		readonly subscriptions: readonly import("./packets.ts").Subscription[];
	}

	export interface ParsedUnsubscribe {
		readonly cmd: "unsubscribe";
		readonly messageId: number;
		readonly unsubscriptions: readonly string[];
	}

	export interface ParsedGrants {
		readonly cmd: "suback" | "unsuback";
		readonly messageId: number;
		/** Missing in an UNSUBACK of protocol version 3 and 4. */
		readonly granted?: readonly number[];
	}

	export type Parsed = ParsedConnect | ParsedConnack | ParsedSubscribe | ParsedUnsubscribe | ParsedGrants;

	interface Parser {
		on(event: "packet", listener: (packet: Parsed) => void): unknown;
		on(event: "error", listener: (error: Error) => void): unknown;
		parse(bytes: Uint8Array): number;
	}

	/** Where mqtt-packet writes a packet, piece by piece. */
	export interface Sink {
		write(piece: string | Uint8Array): boolean;
		/** Called when the packet cannot be written. */
		destroy(error: Error): void;
	}

	interface WriteToStream {
		(packet: object, sink: Sink, settings: Settings): boolean;
		/** On, which is the default, the first packet makes 65,536 Buffers, one for each two-byte number. */
		cacheNumbers: boolean;
	}

	const mqttPacket: {
		parser(settings: Settings): Parser;
		readonly writeToStream: WriteToStream;
	};
	export default mqttPacket;
}
