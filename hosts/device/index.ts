export {
	BUILT,
	DeviceClock,
	DeviceRandom,
	isIPv4Address,
	Resolver,
	TcpTransport,
	TimedTransport,
	TimeKeeper,
	TraceLog,
} from "./base.ts";
export { BudgetedStore, KeyValueStore, WRITES_AT_START, WRITES_PER_DAY, type WriteBudget } from "./storage/index.ts";
export { fromHex, Trial, Updater, type UpdaterOptions, type VerifyStatement } from "./update/index.ts";
export { LinkedTransport, type NetworkLink, WiFiLink } from "./wifi/index.ts";
