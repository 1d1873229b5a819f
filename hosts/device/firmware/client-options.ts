import type { ClientOptions, ClientState, WillOptions } from "../../../src/client/index.ts";
import type { Millis } from "../../../src/ports/index.ts";
import type { Settings } from "./settings.ts";

/** What is acknowledged in this time is never written to flash. A broker in the house takes some milliseconds. */
const PERSIST_DELAY: Millis = 10_000;
/** The signatures of a handshake are seconds of arithmetic on an ESP32, and the time may have to be asked for before. */
const TLS_CONNECT_TIMEOUT: Millis = 30_000;

/** The client's options: who we are, how to connect, and what the broker says when the connection breaks. */
export function clientOptions(
	settings: Settings,
	clientId: string,
	will: WillOptions,
	onState: (state: ClientState) => void,
): ClientOptions {
	const { protocol, keepAlive, username, password, certificate } = settings;
	return {
		clientId,
		protocol,
		keepAlive,
		username,
		password,
		will,
		onState,
		persist: true,
		persistDelay: PERSIST_DELAY,
		connectTimeout: certificate && TLS_CONNECT_TIMEOUT,
	};
}
