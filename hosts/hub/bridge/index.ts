export { Bridge, type BridgeSite } from "./bridge.ts";
export { Bridges } from "./bridges.ts";
export { loadHubId, temporaryHubId } from "./hub-id.ts";
export { endOrphans } from "./local-session.ts";
export { BridgePath } from "./path.ts";
