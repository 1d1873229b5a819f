import { createHub, type Hub, type HubOptions } from "../../../hosts/hub/index.ts";

/** A hub on free ports of 127.0.0.1, and where its two listeners are. */
export interface RunningHub {
	readonly hub: Hub;
	readonly port: number;
	readonly httpPort: number;
}

/** Starts a hub that lets everybody in unless `options` say otherwise. */
export async function startHub(options: Omit<HubOptions, "listeners"> = { allowAnonymous: true }): Promise<RunningHub> {
	const listeners = { default: { type: "tcp", port: 0 }, websocket: { type: "ws", port: 0 } } as const;
	const hub = await createHub({ ...options, listeners });
	const [tcp, ws] = hub.addresses;
	if (tcp === undefined || ws === undefined) throw new Error("the hub opened fewer listeners than it was asked for");
	return { hub, port: tcp.port, httpPort: ws.port };
}
