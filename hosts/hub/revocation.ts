import type { ConnectionInfo } from "../../src/broker/index.ts";
import type { Hub } from "./hub.ts";

/** Ends the connections of those who got in and would not any more: a user was removed, or got another password. */
export class Revocation {
	readonly #hub: Pick<Hub, "events" | "sessions" | "disconnect">;
	readonly #isAdmitted: (info: ConnectionInfo) => boolean;

	constructor(hub: Pick<Hub, "events" | "sessions" | "disconnect">, isAdmitted: (info: ConnectionInfo) => boolean) {
		this.#hub = hub;
		this.#isAdmitted = isAdmitted;
		// The users can have changed since the password was checked.
		hub.events.on("connected", ({ clientId, info }) => this.#check(clientId, info));
	}

	/** Looks at everybody again: the users have changed. Also at who came before anybody listened to the hub's events. */
	review(): void {
		for (const { clientId, info } of [...this.#hub.sessions()]) if (info !== undefined) this.#check(clientId, info);
	}

	#check(clientId: string, info: ConnectionInfo): void {
		if (!this.#isAdmitted(info)) this.#hub.disconnect(clientId, "Its user was removed or has another password.");
	}
}
