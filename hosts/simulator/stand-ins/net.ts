import { call } from "./host.ts";
import { CALL } from "./wire.ts";

/** Moddable's `net`: facts about the network interface. */
export default {
	get(what: string): unknown {
		return JSON.parse(call(CALL.NET, what).text());
	},
};
