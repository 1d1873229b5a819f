import type { ConnectionInfo } from "../../src/broker/index.ts";
import type { Hub } from "./hub.ts";

/** Ends the connections of those who got in and would not any more: a user was removed, or got another password. */
export class Revocation {
	readonly #hub: Pick<Hub, "events" | "disconnect">;
	readonly #isAdmitted: (info: ConnectionInfo) => boolean;
	/** Who is connected, by client id. */
	readonly #present = new Map<string, ConnectionInfo>();

	constructor(hub: Pick<Hub, "events" | "disconnect">, isAdmitted: (info: ConnectionInfo) => boolean) {
		this.#hub = hub;
		this.#isAdmitted = isAdmitted;
		hub.events.on("connected", ({ clientId, info }) => {
			this.#present.set(clientId, info);
			this.#check(clientId, info); // The users can have changed since the password was checked.
		});
		hub.events.on("disconnected", ({ clientId, info }) => {
			if (this.#present.get(clientId) === info) this.#present.delete(clientId);
		});
	}

	/** Looks at everybody again: the users have changed. */
	review(): void {
		for (const [clientId, info] of this.#present) this.#check(clientId, info);
	}

	#check(clientId: string, info: ConnectionInfo): void {
		if (!this.#isAdmitted(info)) this.#hub.disconnect(clientId, "Its user was removed or has another password.");
	}
}
