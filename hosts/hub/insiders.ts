import type { AccessControl, AuthVerdict, ClientIdentity, ConnectionInfo } from "../../src/broker/index.ts";
import type { Authenticate } from "./authenticator.ts";

// No CONNECT can carry U+0000 [MQTT-1.5.4-2]: nobody else's session is an insider's.
const ADMITTED: AuthVerdict = { allow: true, username: "\0insider" };

/** Connections from within the process, such as bridges: they need no password and may do everything. */
export class Insiders {
	readonly #infos = new WeakSet<ConnectionInfo>();
	#exist = false;

	/** What the broker is told of a new one. */
	admit(name: string): ConnectionInfo {
		const info: ConnectionInfo = { address: name, listener: name, transport: "tcp" };
		this.#infos.add(info);
		this.#exist = true;
		return info;
	}

	/** Asks for no password of insiders. */
	authenticate(others: Authenticate): Authenticate {
		return (request) => (this.#infos.has(request.info) ? ADMITTED : others(request));
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

	#isOne({ info }: ClientIdentity): boolean {
		return this.#exist && info !== undefined && this.#infos.has(info);
	}
}
