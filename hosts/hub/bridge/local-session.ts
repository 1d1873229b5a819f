import type { Client, MessageHandler } from "../../../src/client/index.ts";
import type { Hub } from "../hub.ts";
import { INSIDER } from "../insiders.ts";

const PREFIX = "motehub-bridge-";

/** The client id of a bridge's own session in its hub. */
export function localClientId(bridge: string): string {
	return PREFIX + bridge;
}

/** Ends the sessions of bridges that are configured no more: they would collect messages for ever. Returns their client ids. */
export function endOrphans(hub: Hub, bridges: readonly string[]): readonly string[] {
	const kept = new Set(bridges.map(localClientId));
	const orphans: string[] = [];
	for (const { clientId, username } of hub.sessions()) {
		if (username === INSIDER && clientId.startsWith(PREFIX) && !kept.has(clientId)) orphans.push(clientId);
	}
	return orphans.filter((clientId) => {
		// One that has just said goodbye may not have been heard yet.
		hub.disconnect(clientId, "The bridge is configured no more.");
		return hub.endSession(clientId);
	});
}

/** Takes out of a bridge's session what an earlier configuration subscribed to. */
export function unsubscribeOthers(
	hub: Hub,
	client: Client,
	handler: MessageHandler,
	bridge: string,
	wanted: readonly string[],
): void {
	const clientId = localClientId(bridge);
	for (const session of hub.sessions()) {
		if (session.clientId !== clientId) continue;
		for (const filter of session.filters) if (!wanted.includes(filter)) unsubscribe(client, handler, filter);
	}
}

// The client unsubscribes only what it has subscribed to.
function unsubscribe(client: Client, handler: MessageHandler, filter: string): void {
	const handle = client.subscribe(filter, handler, { rh: 2 }, () => handle.unsubscribe());
}
