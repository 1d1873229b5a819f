import { call } from "./host.ts";
import { CALL } from "./wire.ts";

/** The manifest's `config`. */
const config: unknown = JSON.parse(call(CALL.CONFIG).text());

export default config;
