import type { AccessTable, Rights } from "../../../src/access/index.ts";
import type { AccessControl, ClientIdentity } from "../../../src/broker/index.ts";

interface Known {
	readonly table: AccessTable;
	readonly username: string | undefined;
	readonly rights: Rights;
}

/** Asks the table that is in force. After it changes, call `BrokerCore.rightsChanged`. */
export function accessControl(tableInForce: () => AccessTable): AccessControl {
	const known = new WeakMap<ClientIdentity, Known>();
	const rightsOf = (client: ClientIdentity): Rights => {
		const table = tableInForce();
		const last = known.get(client);
		// A session outlives its connection, and can be another user's in the next.
		if (last !== undefined && last.table === table && last.username === client.username) return last.rights;
		const rights = table.rightsOf(client);
		known.set(client, { table, username: client.username, rights });
		return rights;
	};
	return {
		authorizePublish: (client, topic) => rightsOf(client).canPublish(topic),
		authorizeSubscribe: (client, filter) => rightsOf(client).canSubscribe(filter),
		authorizeDelivery: (client, topic) => rightsOf(client).canRead(topic),
	};
}
