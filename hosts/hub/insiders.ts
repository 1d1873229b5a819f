import type { AccessControl, AuthVerdict, ClientIdentity, ConnectionInfo } from "../../src/broker/index.ts";
import { REASON } from "../../src/codec/index.ts";
import type { Authenticate, AuthRequest } from "./authenticator.ts";

/** The user whose sessions are insiders'. Nobody else gets in under this name. */
export const INSIDER = "$insider";
const ADMITTED: AuthVerdict = { allow: true, username: INSIDER };
const NO_INSIDER: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
const TAKEN: AuthVerdict = { allow: false, reasonCode: REASON.CLIENT_IDENTIFIER_NOT_VALID };

/** What a connection from within the process asks for. */
export interface InsiderOptions {
	/** Messages that wait for it at most, where that is less than the hub's limit. */
	readonly queueMessages?: number;
}

/** Connections from within the process, such as bridges: they need no password and may do everything. */
export class Insiders {
	readonly #infos = new WeakSet<ConnectionInfo>();
	#exist = false;

	/** What the broker is told of a new one. */
	admit(name: string, options: InsiderOptions): ConnectionInfo {
		// A bridge that is thrown out for what others sent would bring it again and again.
		const userProperties = Number.POSITIVE_INFINITY;
		const info: ConnectionInfo = { address: name, listener: name, transport: "tcp", userProperties, ...options };
		this.#infos.add(info);
		this.#exist = true;
		return info;
	}

	/**
	 * Asks for no password of insiders, and lets nobody else pass for one. `isTaken`: whether a client id is that of an
	 * insider's session, which would end if another user came by it, with all that waits in it.
	 */
	authenticate(others: Authenticate, isTaken: (clientId: string) => boolean): Authenticate {
		return (request) => {
			if (this.#infos.has(request.info)) return ADMITTED;
			const settle = (verdict: AuthVerdict) => outsider(request, verdict, isTaken);
			const verdict = others(request);
			return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
		};
	}

	/** Gives insiders every right. */
	access(others: AccessControl): AccessControl {
		return {
			authorizePublish: (client, topic, qos, retain) =>
				this.#isOne(client) || others.authorizePublish(client, topic, qos, retain),
			authorizeSubscribe: (client, filter, qos) =>
				this.#isOne(client) || others.authorizeSubscribe(client, filter, qos),
			authorizeDelivery: (client, topic) => this.#isOne(client) || others.authorizeDelivery(client, topic),
		};
	}

	// A session that was loaded from the store has messages to queue before its client is back.
	#isOne({ info, username }: ClientIdentity): boolean {
		return info === undefined ? username === INSIDER : this.#exist && this.#infos.has(info);
	}
}

function outsider(
	{ clientId, username }: AuthRequest,
	verdict: AuthVerdict,
	isTaken: (clientId: string) => boolean,
): AuthVerdict {
	if (!("allow" in verdict) || !verdict.allow) return verdict;
	if ((verdict.username ?? username) === INSIDER) return NO_INSIDER;
	return isTaken(clientId) ? TAKEN : verdict;
}
