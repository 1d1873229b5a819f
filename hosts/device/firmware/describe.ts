import type { ClientState, DisconnectReason } from "../../../src/client/index.ts";
import type { Fields } from "./diagnostics.ts";

/** What belongs to a state, for the trace. */
export function describeState(state: ClientState): Fields {
	switch (state.kind) {
		case "connecting":
			return { attempt: state.attempt, protocol: state.protocol };
		case "online":
			return { protocol: state.protocol, session: state.sessionPresent ? "resumed" : "new", clientId: state.clientId };
		case "offline":
			return { ...describeReason(state.reason), retryIn: `${(state.retryIn / 1_000).toFixed(1)} s` };
		case "ended":
			return state.reason ? describeReason(state.reason) : {};
	}
}

export function describeReason(reason: DisconnectReason): Fields {
	const { phase, protocol, code, message } = reason;
	return { phase, protocol, ...(code !== undefined && { code }), reason: message };
}
