export { HostCounters } from "./host-counters.ts";
export { listenHttp } from "./http-server.ts";
export { type HttpOptions, Operation } from "./operation.ts";
export { ServiceManager, systemdNotify } from "./service-manager.ts";
