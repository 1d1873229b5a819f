import type { ClientOptions, ClientState } from "../../../src/client/index.ts";
import type { Settings } from "./settings.ts";
import type { Topics } from "./topics.ts";

/** The client's options: who we are, how to connect, and the will that reports us `offline` when the connection breaks. */
export function clientOptions(
	settings: Settings,
	clientId: string,
	topics: Topics,
	onState: (state: ClientState) => void,
): ClientOptions {
	const { protocol, keepAlive, username, password } = settings;
	const will = { topic: topics.availability, payload: "offline", qos: 1, retain: true } as const;
	return { clientId, protocol, keepAlive, username, password, will, onState };
}
