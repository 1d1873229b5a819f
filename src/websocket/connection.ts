import type { Connection, Random, Transport, TransportEvents, TransportFailure } from "../ports/index.ts";
import { encodeBase64 } from "./base64.ts";
import { CLOSE, encodeFrame, type FrameHandler, FrameReader, OPCODE } from "./frames.ts";
import { type UpgradeOptions, UpgradeReader, upgradeRequest } from "./upgrade.ts";

const KEY_LENGTH = 16;
const MASK_LENGTH = 4;
const LONGEST_REASON = 120;

export interface ConnectionOptions {
	/** What carries the frames. */
	readonly transport: Transport;
	readonly upgrade: UpgradeOptions;
	readonly random: Random;
}

type Phase = "opening" | "upgrading" | "open" | "over";

/** One WebSocket over a byte stream: each `write` becomes one binary message; messages that come in are a stream again. */
export class WebSocketConnection implements Connection, TransportEvents, FrameHandler {
	readonly #options: ConnectionOptions;
	readonly #owner: TransportEvents;
	readonly #frames = new FrameReader(this);
	readonly #mask = new Uint8Array(MASK_LENGTH);
	readonly #connection: Connection;
	#upgrade: UpgradeReader | undefined;
	#phase: Phase = "opening";
	#isWritable = true;
	/** The last ping's payload, where its answer has to wait. An older one needs none any more (RFC 6455 section 5.5.3). */
	#owedPong: Uint8Array | undefined;

	constructor(options: ConnectionOptions, owner: TransportEvents) {
		this.#options = options;
		this.#owner = owner;
		this.#connection = options.transport.open(this);
	}

	write(bytes: Uint8Array): boolean {
		return this.#phase === "open" && this.send(OPCODE.binary, bytes);
	}

	reading(flag: boolean): void {
		this.#connection.reading?.(flag);
	}

	close(): void {
		if (this.#phase === "open") this.sendClose(CLOSE.normal);
		this.release();
	}

	overdue(): TransportFailure | undefined {
		if (this.#phase === "opening") return this.#connection.overdue?.();
		return this.failure("there is no answer to the upgrade: check that the port is one for WebSockets");
	}

	opened(): void {
		if (this.#phase !== "opening") return;
		this.#phase = "upgrading";
		const key = encodeBase64(this.fill(new Uint8Array(KEY_LENGTH)));
		this.#upgrade = new UpgradeReader(key);
		this.#isWritable = this.#connection.write(upgradeRequest(this.#options.upgrade, key));
	}

	received(bytes: Uint8Array): void {
		if (this.#phase === "upgrading") this.upgrading(bytes);
		else if (this.#phase === "open") this.readFrames(bytes);
	}

	writable(): void {
		this.#isWritable = true;
		if (this.#owedPong !== undefined) this.pong(this.#owedPong);
		if (this.#phase === "open" && this.#isWritable) this.#owner.writable();
	}

	closed(failure: TransportFailure | undefined): void {
		if (this.#phase === "upgrading" && failure === undefined)
			this.fail("it closed the connection instead of an answer");
		else this.end(failure);
	}

	data(bytes: Uint8Array): void {
		if (this.#phase === "open") this.#owner.received(bytes);
	}

	ping(payload: Uint8Array): void {
		if (this.#phase !== "open") return;
		if (this.#isWritable) this.pong(payload);
		else this.#owedPong = payload;
	}

	closing(code: number, reason: Uint8Array): void {
		if (this.#phase !== "open") return;
		this.sendClose(code === CLOSE.none ? CLOSE.normal : code);
		if (code === CLOSE.normal || code === CLOSE.goingAway || code === CLOSE.none) this.end(undefined);
		else this.fail(`it closed with code ${code}${textOf(reason)}`);
	}

	private upgrading(bytes: Uint8Array): void {
		const answer = this.#upgrade?.push(bytes);
		if (answer === undefined) return;
		this.#upgrade = undefined;
		if ("failure" in answer) {
			this.fail(answer.failure);
			return;
		}
		this.#phase = "open";
		this.#owner.opened();
		if (answer.rest.length > 0) this.received(answer.rest);
	}

	private readFrames(bytes: Uint8Array): void {
		const fault = this.#frames.push(bytes);
		if (fault === undefined || this.#phase !== "open") return;
		this.sendClose(fault.code);
		this.fail(fault.message);
	}

	private pong(payload: Uint8Array): void {
		this.#owedPong = undefined;
		this.send(OPCODE.pong, payload);
	}

	private sendClose(code: number): void {
		this.send(OPCODE.close, Uint8Array.of(code >> 8, code & 0xff));
	}

	private send(opcode: number, payload: Uint8Array): boolean {
		this.#isWritable = this.#connection.write(encodeFrame(opcode, payload, this.fill(this.#mask)));
		return this.#isWritable;
	}

	private fill(bytes: Uint8Array): Uint8Array {
		for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(this.#options.random.next() * 256);
		return bytes;
	}

	private fail(why: string): void {
		this.end(this.failure(why));
	}

	private failure(why: string): TransportFailure {
		return { phase: "websocket", message: `${this.#options.transport.endpoint}: ${why}` };
	}

	private end(failure: TransportFailure | undefined): void {
		if (this.#phase === "over") return;
		this.release();
		this.#owner.closed(failure);
	}

	private release(): void {
		if (this.#phase === "over") return;
		this.#phase = "over";
		this.#connection.close();
	}
}

function textOf(reason: Uint8Array): string {
	let text = "";
	for (const byte of reason.subarray(0, LONGEST_REASON))
		text += byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : "?";
	return text === "" ? "" : ` (${text})`;
}
