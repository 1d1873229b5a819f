import { createHash, timingSafeEqual } from "node:crypto";
import type { AuthVerdict, ConnectionInfo } from "../../src/broker/index.ts";
import { REASON, UsageError } from "../../src/codec/index.ts";

/** Who wants in, as their CONNECT says. */
export interface AuthRequest {
	readonly clientId: string;
	readonly username: string | undefined;
	readonly password: Uint8Array | undefined;
	readonly info: ConnectionInfo;
	/** Enhanced authentication (MQTT 5 section 4.12): the method, and the data of CONNECT or AUTH. */
	readonly method: string | undefined;
	readonly data: Uint8Array | undefined;
}

/** Decides about one CONNECT. A rejection refuses the client with 0x88 (server unavailable). */
export type Authenticate = (request: AuthRequest) => AuthVerdict | Promise<AuthVerdict>;

/** Names and passwords, wherever they are kept. */
export interface Users {
	/** True: the user exists and this is the password. Takes as long for an unknown user as for a wrong password. */
	verify(username: string, password: Uint8Array): boolean | Promise<boolean>;
}

const ALLOWED: AuthVerdict = { allow: true };
const BAD_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.BAD_USER_NAME_OR_PASSWORD };
const NO_CREDENTIALS: AuthVerdict = { allow: false, reasonCode: REASON.NOT_AUTHORIZED };

/** Lets in who gives a right password, and, where `allowAnonymous`, who gives no user name at all. */
export function passwordAuthenticator(users: Users, allowAnonymous: (info: ConnectionInfo) => boolean): Authenticate {
	return ({ username, password, info }) => {
		if (username === undefined) return allowAnonymous(info) ? ALLOWED : NO_CREDENTIALS;
		if (password === undefined) return BAD_CREDENTIALS;
		const right = users.verify(username, password);
		return typeof right === "boolean" ? verdict(right) : right.then(verdict);
	};
}

function verdict(right: boolean): AuthVerdict {
	return right ? ALLOWED : BAD_CREDENTIALS;
}

/** Users whose passwords are known in clear. Holds only digests. */
export class PlainUsers implements Users {
	readonly #digests: ReadonlyMap<string, Buffer>;
	readonly #nobody = digest("");

	/** Passwords by user name. Throws `UsageError` for an empty one. */
	constructor(passwords: Readonly<Record<string, string>>) {
		for (const [name, password] of Object.entries(passwords)) {
			if (password === "")
				throw new UsageError(`the user ${name} has an empty password: give one, or leave the user out`);
		}
		this.#digests = new Map(Object.entries(passwords).map(([name, password]) => [name, digest(password)]));
	}

	verify(username: string, password: Uint8Array): boolean {
		const expected = this.#digests.get(username);
		const equal = timingSafeEqual(expected ?? this.#nobody, digest(password));
		return equal && expected !== undefined;
	}
}

function digest(password: string | Uint8Array): Buffer {
	return createHash("sha256").update(password).digest();
}
