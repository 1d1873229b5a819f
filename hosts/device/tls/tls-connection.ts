import Alert from "ssl/alert";
import handshake from "ssl/handshake";
import Session from "ssl/session";
import type { Connection, TimerHandle, TransportEvents, TransportFailure } from "../../../src/ports/index.ts";
import { ALERT, ALERT_LEVEL, describeAlert } from "./alerts.ts";
import { ClientAuthentication } from "./client-authentication.ts";
import { HANDSHAKE, type HandshakeReader } from "./handshake-reader.ts";
import { type RecordOwner, RecordStream } from "./record-stream.ts";
import { ServerAuthentication } from "./server-authentication.ts";
import { forgetHandshake, forgetHello, RECORD_SIZE, sessionOptions } from "./session-settings.ts";
import { TlsError } from "./tls-error.ts";
import type { TlsTransportOptions } from "./tls-transport.ts";
import type { Version } from "./version.ts";

type Phase = "connecting" | "handshaking" | "open" | "closed";

/**
 * One TLS connection: the handshake in steps, one to a turn of the event loop, for a step can take a device a good part
 * of a second; then records. Nothing is thrown out of a callback.
 */
export class TlsConnection implements Connection, TransportEvents, RecordOwner {
	readonly #options: TlsTransportOptions;
	readonly #version: Version;
	readonly #events: TransportEvents;
	/** Undefined outside of the handshake. */
	#server: ServerAuthentication | undefined;
	#client: ClientAuthentication | undefined;
	readonly #stream: RecordStream;
	readonly #lower: Connection;
	#session: Session | undefined;
	#phase: Phase = "connecting";
	/** By the peer, while a step of the handshake was still to be taken. */
	#isLowerClosed = false;
	#timer: TimerHandle;

	constructor(options: TlsTransportOptions, version: Version, events: TransportEvents) {
		this.#options = options;
		this.#version = version;
		this.#events = events;
		this.#stream = new RecordStream(this, version.expansion);
		this.#lower = options.transport.open(this);
	}

	write(bytes: Uint8Array): boolean {
		const session = this.#session;
		if (this.#phase !== "open" || !session) return false;
		try {
			for (let at = 0; at < bytes.length; at += RECORD_SIZE) {
				session.write(this.#stream, bytes.subarray(at, at + RECORD_SIZE));
			}
			return this.#stream.hasRoom;
		} catch (error) {
			// The news must not come out of `write`.
			this.later(() => this.failSafely(error));
			return false;
		}
	}

	close(): void {
		if (this.#phase === "open") this.tell(ALERT_LEVEL.warning, ALERT.closeNotify);
		this.release();
	}

	overdue(): TransportFailure | undefined {
		if (this.#phase === "connecting") return this.#lower.overdue?.();
		const message =
			"the TLS handshake has not ended: check that the port is one for TLS, and whether the server is overloaded";
		return { phase: "tls", message: `${this.where}: ${message}` };
	}

	// What the connection below tells. Objects and closures for it would take RAM for as long as there is a connection.

	opened(): void {
		this.guard(() => this.begin());
	}

	/** From here it is a long way down, and the stack of a device is small: this does without the two frames of `guard`. */
	received(bytes: Uint8Array): void {
		if (this.#phase === "closed") return;
		try {
			this.#stream.push(bytes);
			if (this.#phase === "open") this.drain();
			else if (this.#timer === undefined) this.step();
		} catch (error) {
			this.failSafely(error);
		}
	}

	writable(): void {
		if (this.#phase === "open") this.guard(() => this.#events.writable());
	}

	closed(failure: TransportFailure | undefined): void {
		this.guard(() => this.lost(failure));
	}

	// What the records ask for.

	send(bytes: Uint8Array): boolean {
		return this.#lower.write(bytes);
	}

	changeKeys(): void {
		this.#session?.options.input.changeKeys();
	}

	private begin(): void {
		this.#phase = "handshaking";
		this.#server = new ServerAuthentication(this.#options.trust, this.#version);
		this.#client = new ClientAuthentication(this.#options.identity);
		const { protocolVersion } = this.#version;
		const session = new Session(sessionOptions(this.#options, protocolVersion, this.#server, this.#client));
		session.initiateHandshake();
		this.#session = session;
		this.step();
		forgetHello(session);
	}

	/** In a turn of its own: the stack is empty then. */
	private turn(): void {
		this.#timer = undefined;
		try {
			this.step();
		} catch (error) {
			this.failSafely(error);
		}
	}

	private step(): void {
		const session = this.#session;
		const server = this.#server;
		if (!session || !server) return;
		// From here, for what is checked takes much of the stack.
		const isDone = server.check() ? undefined : this.proceed(session, server);
		// It would be handed over as if it had been protected.
		if (session.applicationData) throw new TlsError("data before the end of the handshake", ALERT.unexpectedMessage);
		if (isDone) this.handshaken(session);
		else if (isDone === undefined) this.later(() => this.turn());
		else if (this.#isLowerClosed) this.closedEarly();
	}

	/** True: all is done. False: the server's turn. */
	private proceed(session: Session, server: ServerAuthentication): boolean | undefined {
		const { handshakeProcess: due } = session;
		const isOurTurn = due === HANDSHAKE.serverHelloDone || due === HANDSHAKE.finished;
		this.#stream.holdFlight();
		try {
			if (!isOurTurn && this.hear(session, server.messages)) return undefined;
			if (session.handshake(this.#stream)) return true;
		} catch (error) {
			// No record is read once all messages have come: the last is not that of this handshake.
			throw readingError(error, session, server.messages.isFinished ? ALERT.decryptError : ALERT.badRecordMac);
		} finally {
			this.#stream.sendFlight();
		}
		return session.handshakeProcess === -1 && this.#stream.readable === 0 && server.messages.isEmpty
			? false
			: undefined;
	}

	/** Takes up the server's next message. False: a record has to be read first. */
	private hear(session: Session, messages: HandshakeReader): boolean {
		// A flight is read to its end before: until then, all that has come of it lies in RAM twice.
		return (this.#stream.readable === 0 || messages.isFull) && handshake.proceed(session);
	}

	private handshaken(session: Session): void {
		if (session.alert) throw new TlsError(this.alertMessage(session.alert.description), session.alert.description);
		if (!this.#server?.isComplete || !session.clientCipher || !session.serverCipher) {
			throw new TlsError("the server left out a part of the handshake", ALERT.unexpectedMessage);
		}
		forgetHandshake(session);
		this.#server = undefined;
		this.#client = undefined;
		this.#phase = "open";
		this.#events.opened();
		this.drain();
		if (this.#isLowerClosed) this.end(undefined);
	}

	private drain(): void {
		while (this.#phase === "open" && this.#session && this.#stream.readable > 0) {
			const bytes = this.readRecord(this.#session);
			if (bytes === undefined) return;
			if (bytes === null) this.end(undefined);
			else if (bytes.length > 0) this.#events.received(bytes);
		}
	}

	/** Undefined: it is not complete yet. Null: the peer has closed. Throws TlsError. */
	private readRecord(session: Session): Uint8Array | null | undefined {
		try {
			return session.read(this.#stream);
		} catch (error) {
			throw readingError(error, session, ALERT.badRecordMac);
		}
	}

	private lost(failure: TransportFailure | undefined): void {
		if (failure || this.#phase === "open") this.end(failure);
		// Its reason may be among what has come and waits for its turn.
		else if (this.#timer !== undefined) this.#isLowerClosed = true;
		else this.closedEarly();
	}

	private closedEarly(): void {
		// Servers on Node, our hub among them, close without a word when they do not believe a client certificate.
		const hint = this.#client?.hasShown ? "; it may not accept our client certificate" : "";
		this.end({ phase: "tls", message: `${this.where}: closed the connection during the TLS handshake${hint}` });
	}

	private get where(): string {
		return this.#options.transport.endpoint;
	}

	/** `error` came out of the session, the authentication, or the owner's callbacks. */
	private fail(error: unknown): void {
		const received = this.#session?.alert;
		if (!received) this.tell(ALERT_LEVEL.fatal, error instanceof TlsError ? error.alert : ALERT.decodeError);
		const message = received ? this.alertMessage(received.description) : describe(error);
		this.end({ phase: "tls", message: `${this.where}: ${message}` });
	}

	private alertMessage(description: number): string {
		const what = this.#phase === "open" ? "ended the TLS connection" : "refused the TLS handshake";
		return `the server ${what}: ${describeAlert(description, this.#version.name, this.#client?.hasShown)}`;
	}

	private tell(level: number, description: number): void {
		try {
			this.#session?.doProtocol(this.#stream, Alert, level, description);
		} catch (error) {
			this.#options.log.write("debug", "no alert sent", { error: String(error) });
		}
	}

	private end(failure: TransportFailure | undefined): void {
		const told = this.#phase === "closed";
		this.release();
		if (!told) this.#events.closed(failure);
	}

	/** Lets everything go. Nothing is called afterwards. */
	private release(): void {
		this.#phase = "closed";
		this.#options.clock.clearTimer(this.#timer);
		this.#timer = undefined;
		this.#session = undefined;
		this.#lower.close();
	}

	/** `action` must not throw. */
	private later(action: () => void): void {
		this.#options.clock.clearTimer(this.#timer);
		this.#timer = this.#options.clock.setTimer(action, 0);
	}

	private guard(action: () => void): void {
		if (this.#phase === "closed") return;
		try {
			action();
		} catch (error) {
			this.failSafely(error);
		}
	}

	private failSafely(error: unknown): void {
		try {
			this.fail(error);
		} catch (second) {
			// The owner throws even now. The machine must live.
			this.#options.log.write("error", "unexpected exception: connection given up", { error: String(second) });
		}
	}
}

function describe(error: unknown): string {
	return error instanceof TlsError ? error.message : `internal error: ${String(error)}`;
}

/** What the SDK throws is about what the server sent. `ofProtected`: the alert for it where records are protected. */
function readingError(error: unknown, { serverCipher }: Session, ofProtected: number): TlsError {
	if (error instanceof TlsError) return error;
	const alert = serverCipher ? ofProtected : ALERT.decodeError;
	return new TlsError(`what the server sent cannot be read (${String(error)})`, alert);
}
