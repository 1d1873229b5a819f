import type { BrokerEvent, ConnectionInfo } from "../../src/broker/index.ts";
import type { Hub } from "./hub.ts";

/** Ends the connections of those who got in and would not any more: a user was removed, or got another password. */
export class Revocation {
	readonly #hub: Pick<Hub, "sessions" | "disconnect">;
	readonly #isAdmitted: (info: ConnectionInfo) => boolean;

	constructor(hub: Pick<Hub, "sessions" | "disconnect">, isAdmitted: (info: ConnectionInfo) => boolean) {
		this.#hub = hub;
		this.#isAdmitted = isAdmitted;
	}

	/** Looks at who has come: the users can have changed since the password was checked. */
	observe(event: BrokerEvent): void {
		if (event.kind === "connected") this.#check(event.clientId, event.info);
	}

	/** Looks at everybody again: the users have changed. */
	review(): void {
		for (const { clientId, info } of [...this.#hub.sessions()]) if (info !== undefined) this.#check(clientId, info);
	}

	#check(clientId: string, info: ConnectionInfo): void {
		if (!this.#isAdmitted(info)) this.#hub.disconnect(clientId, "Its user was removed or has another password.");
	}
}
