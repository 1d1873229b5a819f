import type { ClientState, RelayClient, RelayOptions } from "../../../src/client/index.ts";
import type { MqttOptions } from "../../../src/config/index.ts";
import type { Log, Transport } from "../../../src/ports/index.ts";
import { announceBirth, clientOptions, makeClient } from "./hub-client.ts";
import { SocketTransport } from "./socket-transport.ts";

/**
 * Connects to a broker elsewhere as the settings say, and keeps connecting until `end`. `more` goes before the settings.
 */
export function connectClient(
	settings: MqttOptions,
	log: Log,
	more: RelayOptions = {},
	transport: Transport = new SocketTransport(settings),
): RelayClient {
	const onState = (state: ClientState) => {
		logState(log, transport.endpoint, state);
		announceBirth(client, settings, state);
		more.onState?.(state);
	};
	const client: RelayClient = makeClient({ ...clientOptions(settings), ...more, onState }, transport, log);
	client.start();
	return client;
}

function logState(log: Log, broker: string, state: ClientState): void {
	if (state.kind === "online") {
		const { clientId: client, protocol: version, sessionPresent } = state;
		log.write("info", "connected to a broker", { broker, client, version, sessionPresent });
	} else if (state.kind === "offline") {
		const { phase, message: reason } = state.reason;
		log.write("warn", "no connection to a broker", { broker, phase, reason, retryInMs: Math.round(state.retryIn) });
	}
}
