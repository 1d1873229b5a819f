import { randomBytes } from "node:crypto";
import type { AuthVerdict, ConnectionInfo } from "../../../../src/broker/index.ts";
import { REASON } from "../../../../src/codec/index.ts";
import type { AuthRequest } from "../../authenticator.ts";
import { makeAuthSecret } from "../auth-secret.ts";
import { Likeness } from "../likeness.ts";
import { ScramExchange } from "./exchange.ts";
import { decoyKeys, prepared, type ScramKeys } from "./keys.ts";
import { parseClientFirst } from "./messages.ts";

/** The authentication method's name in MQTT 5. */
export const SCRAM_SHA_256 = "SCRAM-SHA-256";

interface ScramUser {
	readonly name: string;
	readonly keys: Promise<ScramKeys>;
}

/** What is known of each user's password. */
type KeysByName = ReadonlyMap<string, Promise<ScramKeys>>;

interface Conversation {
	readonly username: string;
	readonly exchange: ScramExchange;
}

const MALFORMED: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };
const BAD_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.BAD_USER_NAME_OR_PASSWORD };

/**
 * Enhanced authentication by SCRAM-SHA-256 (RFC 5802, RFC 7677; MQTT 5 section 4.12), without channel binding. The
 * password does not cross the network, and the client learns that the hub knows it.
 */
export class ScramAuthenticator {
	/** By their names in normal form. */
	#users: ReadonlyMap<string, ScramUser> = new Map();
	readonly #secret: Buffer;
	#decoys: Likeness<Promise<ScramKeys>>;
	#conversations = new WeakMap<ConnectionInfo, Conversation>();
	/** Who each connection belongs to: who authenticates again must be the same. */
	readonly #owners = new WeakMap<ConnectionInfo, string>();

	/** `secret`: what unknown users are shown is made of it, and the salts of those who have none of their own (`saltOf`). */
	constructor(users: KeysByName = new Map(), secret = makeAuthSecret()) {
		this.#secret = secret;
		this.#decoys = new Likeness(secret, []);
		this.setUsers(users);
	}

	/** Replaces all users. Who is in the middle of authenticating starts again. */
	setUsers(users: KeysByName): void {
		this.#users = new Map([...users].map(([name, keys]) => [prepared(name), { name, keys }]));
		this.#decoys = new Likeness(this.#secret, users);
		this.#conversations = new WeakMap();
	}

	get hasUsers(): boolean {
		return this.#users.size > 0;
	}

	/** The client's first message, and later its last one. */
	async authenticate(request: AuthRequest): Promise<AuthVerdict> {
		const conversation = this.#conversations.get(request.info);
		if (conversation === undefined) return this.#begin(request);
		this.#conversations.delete(request.info);
		return this.#finish(request, conversation);
	}

	/** Whether the client's next message is the one that shows whether it knows the password. */
	isDecisive({ info }: AuthRequest): boolean {
		return this.#conversations.has(info);
	}

	async #begin(request: AuthRequest): Promise<AuthVerdict> {
		const { info, data } = request;
		const first = parseClientFirst(data);
		if (first === undefined) return MALFORMED;
		const asked = prepared(first.username);
		const users = this.#users;
		const user = users.get(asked);
		const username = user?.name ?? asked;
		const keys = (await user?.keys) ?? decoyKeys(this.#secret, asked, await this.#decoys.of(asked));
		if (users !== this.#users) return this.#begin(request); // The users changed meanwhile.
		const exchange = new ScramExchange(first, keys, randomBytes(18).toString("base64"));
		this.#conversations.set(info, { username, exchange });
		return { challenge: Buffer.from(exchange.challenge) };
	}

	#finish({ info, data }: AuthRequest, { username, exchange }: Conversation): AuthVerdict {
		const message = exchange.finish(data);
		if (message === undefined) return BAD_CREDENTIALS;
		const owner = this.#owners.get(info) ?? username;
		if (owner !== username) return MALFORMED;
		this.#owners.set(info, username);
		return { allow: true, username, data: Buffer.from(message) };
	}
}
