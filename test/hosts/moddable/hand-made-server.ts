import { createECDH, createPrivateKey, randomBytes, sign, X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import type { Identity } from "./authority.ts";
import { CONTENT, message, type Protection, prf, protections, record, sha256 } from "./tls-1-2.ts";
import { startPlain, type TestServer } from "./tls-servers.ts";

const HANDSHAKE = { serverHello: 2, certificate: 11, keyExchange: 12, helloDone: 14, finished: 20 } as const;
/** TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, and no compression. */
const CHOICES = [0xc0, 0x2b, 0];
const P256 = [3, 0, 23];
const ECDSA_SHA256 = [4, 3];
const CHANGE_CIPHER_SPEC = record(CONTENT.changeCipherSpec, Uint8Array.of(1));
const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;

/** Makes a protected record. */
export type Seal = (type: number, content: Uint8Array) => Buffer;

/** What the server's last part of a handshake is made of. */
export interface Closing {
	readonly changeCipherSpec: Buffer;
	/** The message, which is still to be sealed. */
	readonly finished: Buffer;
	readonly seal: Seal;
	/** With keys that anybody can compute: of no master secret. */
	readonly sealUnkeyed: Seal;
}

/** What a server does otherwise than it should. Each has what is right, and returns what is sent. */
export interface Mischief {
	/** The ServerHello's body. */
	hello?(body: Buffer): Uint8Array;
	/** The point of the key exchange, which is signed as it is returned. */
	point?(point: Buffer): Uint8Array;
	/** The records up to ServerHelloDone. */
	flight?(records: readonly Buffer[]): readonly Uint8Array[];
	/** The records of the server's last part. */
	closing?(parts: Closing): readonly Uint8Array[];
	/** What is sent in place of the first data's echo. */
	answer?(seal: Seal): readonly Uint8Array[];
}

const AS_IT_SHOULD: Required<Pick<Mischief, "closing">> = {
	closing: ({ changeCipherSpec, finished, seal }) => [changeCipherSpec, seal(CONTENT.handshake, finished)],
};

/** The alert of a client, by AlertDescription. */
class Alert extends Error {
	readonly description: number;

	constructor(content: Buffer) {
		super("alert");
		this.description = content[1] ?? -1;
	}
}

/**
 * A TLS 1.2 server put together by hand, with an ECDSA key on P-256, that sends back what it gets. On the first connection it
 * does mischief; it serves further ones only if the first one ended with the alert `expected` (undefined: with none).
 */
export async function startMischief(identity: Identity, mischief: Mischief, expected?: number): Promise<TestServer> {
	let first: Promise<number | undefined> | undefined;
	const serve = async (socket: Socket): Promise<void> => {
		if (first === undefined) {
			first = alertEnding(new Conversation(socket, identity, mischief));
			await first;
		} else if ((await first) === expected) {
			await alertEnding(new Conversation(socket, identity, {}));
		}
		socket.destroy();
	};
	return startPlain((socket) => void serve(socket));
}

/** Holds a conversation to its end: the alert that the client ends it with. */
async function alertEnding(conversation: Conversation): Promise<number | undefined> {
	try {
		return await conversation.hold();
	} catch (error) {
		return error instanceof Alert ? error.description : undefined;
	}
}

class Conversation {
	readonly #socket: Socket;
	readonly #identity: Identity;
	readonly #mischief: Mischief;
	readonly #records: AsyncGenerator<Buffer, undefined>;
	readonly #transcript: Buffer[] = [];
	#client: Protection | undefined;

	constructor(socket: Socket, identity: Identity, mischief: Mischief) {
		this.#socket = socket;
		this.#identity = identity;
		this.#mischief = mischief;
		this.#records = recordsOf(socket);
	}

	/** Never ends but by what it throws: Alert, when the client sends one. */
	async hold(): Promise<never> {
		const clientRandom = (await this.handshake()).subarray(6, 38);
		const serverRandom = randomBytes(32);
		const ecdh = createECDH("prime256v1");
		this.greet(clientRandom, serverRandom, ecdh.generateKeys());
		const exchange = await this.handshake();
		const premaster = ecdh.computeSecret(exchange.subarray(HANDSHAKE_HEADER + 1));
		const master = prf(premaster, "master secret", Buffer.concat([clientRandom, serverRandom]), 48);
		await this.next();
		const { client, server } = protections(master, clientRandom, serverRandom);
		const unkeyed = protections(Buffer.alloc(0), clientRandom, serverRandom).server;
		this.#client = client;
		await this.handshake();
		this.close(master, server, unkeyed);
		return this.echo((type, content) => server.seal(type, content));
	}

	private greet(clientRandom: Buffer, serverRandom: Buffer, right: Buffer): void {
		const { hello, point = (bytes) => bytes, flight } = this.#mischief;
		const { cert, key } = this.#identity;
		const body = Buffer.concat([Uint8Array.of(3, 3), serverRandom, Uint8Array.of(0, ...CHOICES)]);
		const sent = point(right);
		const parameters = Buffer.concat([Uint8Array.of(...P256, sent.length), sent]);
		const signed = Buffer.concat([clientRandom, serverRandom, parameters]);
		const signature = sign("sha256", signed, createPrivateKey(key));
		const messages = [
			message(HANDSHAKE.serverHello, hello?.(body) ?? body),
			message(HANDSHAKE.certificate, listed(...dersOf(cert))),
			message(
				HANDSHAKE.keyExchange,
				Buffer.concat([parameters, Uint8Array.of(...ECDSA_SHA256, 0, signature.length), signature]),
			),
			message(HANDSHAKE.helloDone, Buffer.alloc(0)),
		];
		this.#transcript.push(...messages);
		const records = messages.map((each) => record(CONTENT.handshake, each));
		this.send(flight?.(records) ?? records);
	}

	private close(master: Buffer, server: Protection, unkeyed: Protection): void {
		const verifyData = prf(master, "server finished", sha256(...this.#transcript), 12);
		const finished = message(HANDSHAKE.finished, verifyData);
		const { closing } = { ...AS_IT_SHOULD, ...this.#mischief };
		const seal: Seal = (type, content) => server.seal(type, content);
		const sealUnkeyed: Seal = (type, content) => unkeyed.seal(type, content);
		this.send(closing({ changeCipherSpec: CHANGE_CIPHER_SPEC, finished, seal, sealUnkeyed }));
	}

	private async echo(seal: Seal): Promise<never> {
		let { answer } = this.#mischief;
		for (;;) {
			const { type, content } = await this.next();
			if (type !== CONTENT.data) continue;
			this.send(answer?.(seal) ?? [seal(CONTENT.data, content)]);
			answer = answer && (() => []);
		}
	}

	private send(records: readonly Uint8Array[]): void {
		this.#socket.write(Buffer.concat(records));
	}

	/** The client's next message of the handshake, which is all of a record. */
	private async handshake(): Promise<Buffer> {
		const { content } = await this.next();
		this.#transcript.push(content);
		return content;
	}

	/** The client's next record. Throws Alert. */
	private async next(): Promise<{ readonly type: number; readonly content: Buffer }> {
		const { value } = await this.#records.next();
		if (value === undefined) throw new Error("the client has closed");
		const type = value[0] ?? 0;
		const content = this.#client ? this.#client.open(value) : value.subarray(RECORD_HEADER);
		if (type === CONTENT.alert) throw new Alert(content);
		return { type, content };
	}
}

async function* recordsOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
	let held = Buffer.alloc(0);
	for await (const bytes of socket as AsyncIterable<Buffer>) {
		held = Buffer.concat([held, bytes]);
		while (held.length >= RECORD_HEADER && held.length >= RECORD_HEADER + held.readUInt16BE(3)) {
			const end = RECORD_HEADER + held.readUInt16BE(3);
			yield held.subarray(0, end);
			held = held.subarray(end);
		}
	}
	return undefined;
}

/** One after the other, with the length of all in three octets before them. */
function listed(...parts: readonly Uint8Array[]): Buffer {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	return Buffer.concat([Uint8Array.of(length >> 16, (length >> 8) & 0xff, length & 0xff), ...parts]);
}

/** Each certificate of a PEM file, with its length before it. */
function dersOf(pem: string): Buffer[] {
	return pem
		.split(/(?<=-----END CERTIFICATE-----\n)/)
		.filter((part) => part.includes("BEGIN"))
		.map((part) => listed(new X509Certificate(part).raw));
}
