import type { AuthVerdict, ConnectionInfo } from "../../src/broker/index.ts";

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
