import type {
	AuthVerdict,
	BrokerAction,
	BrokerCore,
	BrokerEvent,
	ConnectionId,
	ConnectionInfo,
	PublishedMessage,
} from "../../src/broker/index.ts";
import { REASON } from "../../src/codec/index.ts";
import type { Millis } from "../../src/ports/index.ts";
import { Alarm } from "./alarm.ts";
import type { Authenticate, AuthRequest } from "./authenticator.ts";
import { now } from "./clock.ts";
import type { SocketConnection } from "./socket-connection.ts";
import type { HubStore } from "./store/index.ts";

/** What the pump needs beside the core. `event`, `published` and `fault` may not throw. */
export interface PumpPorts {
	readonly authenticate: Authenticate;
	readonly store: Pick<HubStore, "commit">;
	/** Takes what happened, for logs and for users of the library. */
	readonly event: (event: BrokerEvent) => void;
	/** Takes messages of clients, if the core is to announce them. */
	readonly published: (message: PublishedMessage) => void;
	/** Takes an exception that nothing foresaw: a bug, or a port that failed. */
	readonly fault: (what: string, error: unknown) => void;
}

/**
 * Bytes received before the actions are carried out without waiting for the end of the event loop's turn: bounds what
 * one turn can gather when many peers send at once.
 */
const DRAIN_AFTER = 262_144;
/** After an exception in the core's own timekeeping, milliseconds before it is asked again. */
const AFTER_FAULT: Millis = 1_000;
const UNAVAILABLE: AuthVerdict = { allow: false, reasonCode: REASON.SERVER_UNAVAILABLE };

/**
 * Drives a broker core: hands it bytes and time, carries out its actions. Output is gathered: all that arrives in one
 * turn of the event loop is answered by one write per connection.
 *
 * Whatever the core throws is a bug of ours: it is reported, the connection at hand is closed, and the rest goes on.
 */
export class Pump {
	readonly #core: BrokerCore;
	readonly #ports: PumpPorts;
	readonly #alarm = new Alarm(() => this.call(() => this.#core.tick(now())));
	/** Connections that the core knows. */
	readonly #connections = new Map<ConnectionId, SocketConnection>();
	/** Those, and the ones that are still flushing. */
	readonly #sockets = new Set<SocketConnection>();
	/** The commit that took the latest batch, which is the last one that it makes durable. */
	#lastCommit: { readonly durable: Promise<void>; batch: number } | undefined;
	#lastId: ConnectionId = 0;
	#awake = false;
	#received = 0;
	#whenEmpty: (() => void) | undefined;
	#finished = false;

	constructor(core: BrokerCore, ports: PumpPorts) {
		this.#core = core;
		this.#ports = ports;
	}

	/** Takes over a new connection. */
	accept(socket: SocketConnection, info: ConnectionInfo): void {
		this.#lastId += 1;
		const connection = this.#lastId;
		this.#sockets.add(socket);
		this.#connections.set(connection, socket);
		socket.start({
			received: (bytes) => this.#receive(connection, bytes),
			drained: () => this.call(() => this.#core.writable(connection, true, now()), connection),
			closed: () => this.#closed(connection, socket),
		});
		this.call(() => this.#core.open(connection, info, now()), connection);
	}

	/** Changes the core, then carries out what follows at the end of the turn. `connection`: on whose behalf. */
	call(change: () => void, connection?: ConnectionId): void {
		try {
			change();
		} catch (error) {
			this.#fault(connection, error);
		}
		this.wake();
	}

	/** Has the core's actions carried out at the end of the turn. */
	wake(): void {
		if (this.#awake) return;
		this.#awake = true;
		setImmediate(this.#turnEnds);
	}

	/** Resolves once the last connection has ended and all is told. Call it when nothing more is accepted. */
	async finish(): Promise<void> {
		this.#drain();
		if (this.#sockets.size > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
		this.#drain();
		this.#finished = true;
		this.#alarm.cancel();
	}

	#receive(connection: ConnectionId, bytes: Uint8Array): void {
		this.#received += bytes.length;
		try {
			this.#core.receive(connection, bytes, now());
		} catch (error) {
			this.#fault(connection, error);
		}
		if (this.#received >= DRAIN_AFTER) this.#drain();
		else this.wake();
	}

	#closed(connection: ConnectionId, socket: SocketConnection): void {
		this.#sockets.delete(socket);
		const known = this.#connections.delete(connection);
		if (known) this.call(() => this.#core.closed(connection, now()));
		if (this.#sockets.size === 0) this.#whenEmpty?.();
	}

	#fault(connection: ConnectionId | undefined, error: unknown): void {
		this.#ports.fault("the broker core failed", error);
		if (connection === undefined || !this.#connections.has(connection)) return;
		this.#connections.get(connection)?.destroy(); // its `closed` tells the core
	}

	readonly #turnEnds = (): void => {
		this.#awake = false;
		this.#drain();
	};

	#drain(): void {
		if (this.#finished) return;
		this.#received = 0;
		try {
			for (let action = this.#core.poll(); action !== undefined; action = this.#core.poll()) this.#perform(action);
			this.#alarm.set(this.#core.nextTimeout());
		} catch (error) {
			this.#fault(undefined, error);
			this.#alarm.set(now() + AFTER_FAULT);
		}
	}

	#perform(action: BrokerAction): void {
		switch (action.kind) {
			case "send":
				return this.#send(action.connection, action.chunks);
			case "close":
				return this.#close(action.connection);
			case "read":
				return this.#connections.get(action.connection)?.pause(!action.flag);
			case "authenticate":
				return this.#authenticate(action.connection, action);
			case "commit":
				return this.#commit(action);
			case "event":
				return this.#ports.event(action.event);
			case "published":
				return this.#ports.published(action.message);
		}
	}

	#send(connection: ConnectionId, chunks: readonly Uint8Array[]): void {
		const socket = this.#connections.get(connection);
		if (socket !== undefined && !socket.write(chunks)) this.#core.writable(connection, false, now());
	}

	#close(connection: ConnectionId): void {
		this.#connections.get(connection)?.close();
		this.#connections.delete(connection);
	}

	#authenticate(connection: ConnectionId, request: AuthRequest): void {
		const answer = (verdict: AuthVerdict) => {
			if ("allow" in verdict && verdict.allow) this.#connections.get(connection)?.trust();
			this.call(() => this.#core.authenticated(connection, verdict, now()), connection);
		};
		settle(
			() => this.#ports.authenticate(request),
			answer,
			(error) => {
				this.#ports.fault("the authenticator failed", error);
				answer(UNAVAILABLE);
			},
		);
	}

	#commit({ batch, writes, isUrgent }: Extract<BrokerAction, { readonly kind: "commit" }>): void {
		const failed = (error: unknown) =>
			this.#ports.fault("the store failed; what waits for it is not acknowledged", error);
		let durable: Promise<void> | void;
		try {
			durable = this.#ports.store.commit(writes, isUrgent);
		} catch (error) {
			return failed(error);
		}
		if (durable === undefined) this.#committed(batch);
		else if (durable === this.#lastCommit?.durable) this.#lastCommit.batch = batch;
		else {
			const commit = { durable, batch };
			this.#lastCommit = commit;
			durable.then(() => this.#committed(commit.batch), failed);
		}
	}

	#committed(batch: number): void {
		this.call(() => this.#core.committed(batch, now()));
	}
}

/** Runs `start` and passes on its outcome: at once if it returns a value, later if it returns a promise. */
function settle<T>(start: () => T | Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void {
	let outcome: T | Promise<T>;
	try {
		outcome = start();
	} catch (error) {
		return failed(error);
	}
	if (outcome instanceof Promise) outcome.then(done, failed);
	else done(outcome);
}
