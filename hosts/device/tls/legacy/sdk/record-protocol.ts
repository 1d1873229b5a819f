/** What protects the records of one direction. */
export interface CbcCipher {
	/** Decrypts in place, encrypts into a new buffer; each record goes on from the last block of the one before. */
	readonly enc: {
		encrypt(bytes: Uint8Array): ArrayBuffer;
		decrypt(bytes: Uint8Array, into: Uint8Array): void;
		setIV(iv: ArrayBuffer): void;
	};
	readonly hmac: object;
}

/** The session as its records see it. */
export interface RecordSession {
	readonly protocolVersion: number;
	readonly chosenCipher: { readonly encryptionMode: number };
	/** Null as long as records go in the open. */
	readonly clientCipher: CbcCipher | null;
	readonly serverCipher: CbcCipher | null;
	readSeqNum: bigint;
	writeSeqNum: bigint;
}

/** The SDK's records. */
export interface RecordProtocol {
	readonly application_data: number;
	/** A record's content goes where its type belongs. */
	readonly tlsPlainText: { unpacketize(session: RecordSession, type: number, content: Uint8Array): void };
	readonly tlsCipherText: {
		calculateMac(hmac: object, number: bigint, type: number, version: number, content: Uint8Array): ArrayBuffer;
	};
	/** Takes up a record, header included. */
	unpacketize(session: RecordSession, bytes: ArrayBuffer): void;
	/** Makes a record. */
	packetize(session: RecordSession, type: number, content: Uint8Array): Uint8Array;
}
