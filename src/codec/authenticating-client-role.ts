import { readAuth } from "./auth-reader.ts";
import { CLIENT } from "./client-role.ts";
import { AUTH } from "./control.ts";
import type { Packet } from "./packets.ts";
import type { Reader } from "./reader.ts";
import type { Role, Rules } from "./rules.ts";

/** Decodes what servers send, to a client that may have asked for enhanced authentication, too (MQTT 5 section 4.12). */
export const AUTHENTICATING_CLIENT: Role = {
	...CLIENT,
	sender: "a server",
	receives: CLIENT.receives | (1 << AUTH),
	read,
};

function read(reader: Reader, rules: Rules): Packet {
	return reader.packetType === AUTH ? readAuth(reader, rules) : CLIENT.read(reader, rules);
}
